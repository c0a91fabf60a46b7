//! What the server itself says: discovery, clock, token, who we are, what it can do.

use jiff::Timestamp;
use reqwest::Method;
use reqwest::header::DATE;
use url::Url;

use super::network::Reached;
use super::{Chart, Finding, tasks};
use crate::api::client::Client;
use crate::api::discovery::Discovery;
use crate::api::transport::Transport;
use crate::auth::failure::ConnectionReason;
use crate::auth::http::HttpClient;
use crate::auth::refusal::SignInRefusal;
use crate::auth::retry::http_date;
use crate::auth::token::{TokenSource, system_clock};
use crate::config::profile::{ApiChoice, Profile};
use crate::domain::manager::Membership;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::role::Role;
use crate::domain::session::Capabilities;
use crate::engine::findings::{not_accepted, own_memberships};
use crate::engine::sign_in::Secret;

/// Assertions are back-dated by 30 s; a clock that is further ahead than this is refused (CONTRACT.md section 2.2).
const TOLERATED_SECONDS: i64 = 25;
/// A difference worth a word.
const NOTICEABLE_SECONDS: i64 = 5;

const AFTER_TOKEN: &[&str] = &["audience", "who am I", "roles", "version", "API", "permissions"];
const AFTER_NETWORK: &[&str] = &["discovery", "issuer", "clock", "token"];

/// Looks at everything that the server answers.
pub(super) async fn examine(
    chart: &mut Chart,
    profile: &Profile,
    secret: Option<Secret>,
    http: HttpClient,
    base: Url,
    reached: Reached,
) {
    if reached == Reached::No {
        chart.not_checked(AFTER_NETWORK, "the server cannot be reached");
        chart.not_checked(AFTER_TOKEN, "the server cannot be reached");
        return;
    }
    let discovery = Box::pin(Discovery::fetch(&http, &base)).await;
    let ahead = clock(&http, &base).await;
    let discovery = match discovery {
        Ok(discovery) => discovery,
        Err(refusal) => {
            undiscovered(chart, &refusal, ahead);
            return;
        }
    };
    chart
        .note("discovery", Finding::good(format!("answers; tokens are got at {}", discovery.token_endpoint)));
    issuer(chart, &discovery, &base);
    let personal = matches!(secret, Some(Secret::Token(_)));
    let tokens = match token(&discovery, secret, &http).await {
        Ok(tokens) => tokens,
        Err(finding) => {
            clock_finding(chart, ahead, matches!(finding, Finding::Failed(_)));
            chart.note("token", finding);
            chart.not_checked(AFTER_TOKEN, "there is no token");
            return;
        }
    };
    clock_finding(chart, ahead, false);
    let told = match tokens.expires().await {
        Some(end) => format!("issued, valid until {}", end.strftime("%Y-%m-%d %H:%M UTC")),
        None => "personal access token, used as it is".to_owned(),
    };
    chart.note("token", Finding::good(told));
    let client = Client::new(Transport::new(http, base, tokens));
    Box::pin(session(chart, profile, &client, personal)).await;
}

fn undiscovered(chart: &mut Chart, refusal: &SignInRefusal, ahead: Option<i64>) {
    let why = "discovery failed";
    match refusal {
        SignInRefusal::Connection(failure) if is_about_tls(failure.reason) => {
            chart.0.retain(|check| check.name != "TLS");
            chart.note("TLS", Finding::failed(refusal.problem()));
            chart.not_checked(&["discovery"], "there is no TLS connection that can be trusted");
        }
        _ => chart.note("discovery", Finding::failed(refusal.problem())),
    }
    clock_finding(chart, ahead, false);
    chart.not_checked(&["issuer", "token"], why);
    chart.not_checked(AFTER_TOKEN, why);
}

const fn is_about_tls(reason: ConnectionReason) -> bool {
    matches!(
        reason,
        ConnectionReason::UnknownAuthority
            | ConnectionReason::NoAuthorities
            | ConnectionReason::CertificateExpired
            | ConnectionReason::CertificateNotYetValid
            | ConnectionReason::WrongName
            | ConnectionReason::Tls
    )
}

fn issuer(chart: &mut Chart, discovery: &Discovery, base: &Url) {
    // Never advise to give up TLS.
    let fix = if base.scheme() == "https" && discovery.issuer.starts_with("http:") {
        "set ExternalSecure and ExternalDomain of the server so that its issuer is the https address"
            .to_owned()
    } else {
        format!("use {} as the URL if both are the same instance", discovery.issuer)
    };
    let finding = match discovery.notice(base) {
        None => Finding::good(format!("{}, as in the URL", discovery.issuer)),
        Some(notice) => Finding::warning(notice.as_str(), fix),
    };
    chart.note("issuer", finding);
}

/// How far this machine's clock is ahead of the server's `Date`, in seconds; half of the way there and back is taken
/// off.
async fn clock(http: &HttpClient, base: &Url) -> Option<i64> {
    let mut url = base.clone();
    url.path_segments_mut().ok()?.pop_if_empty().extend([".well-known", "openid-configuration"]);
    let before = Timestamp::now().as_millisecond();
    let answer = http.send(http.request(Method::GET, url.clone()), &url).await.ok()?;
    let middle = before.midpoint(Timestamp::now().as_millisecond());
    let server = http_date(answer.headers.get(DATE)?.to_str().ok()?)?;
    // The header is cut to full seconds: on average it is half a second old.
    Some((middle - server.as_millisecond() - 500) / 1000)
}

fn clock_finding(chart: &mut Chart, ahead: Option<i64>, refused: bool) {
    const NAME: &str = "clock";
    let fix = "set the clock of this machine, e.g. with timedatectl set-ntp true";
    let Some(ahead) = ahead else {
        chart.note(NAME, Finding::not_checked("the server does not tell its time"));
        return;
    };
    let amount = ahead.unsigned_abs();
    let side = if ahead > 0 { "ahead of" } else { "behind" };
    let told = format!("this machine is {amount} s {side} the server");
    let finding = if amount <= NOTICEABLE_SECONDS.unsigned_abs() {
        Finding::good("agrees with the server's, within a few seconds")
    } else if refused && amount > TOLERATED_SECONDS.unsigned_abs() {
        Finding::failed(Problem::new(ProblemKind::NotSignedIn, "The clocks differ too much", told, fix))
    } else {
        Finding::warning(told, fix)
    };
    chart.note(NAME, finding);
}

async fn token(
    discovery: &Discovery,
    secret: Option<Secret>,
    http: &HttpClient,
) -> Result<TokenSource, Finding> {
    let tokens = match secret {
        None => return Err(Finding::not_checked("there is no key to sign in with")),
        Some(Secret::Token(token)) => TokenSource::with_personal_token(&token),
        Some(Secret::Key(key)) => {
            let (issuer, endpoint) = (discovery.issuer.clone(), discovery.token_endpoint.clone());
            Ok(TokenSource::with_key(http.clone(), *key, issuer, endpoint, system_clock()))
        }
    };
    let tokens = tokens.map_err(|refusal| Finding::failed(refusal.problem()))?;
    tokens.bearer().await.map_err(|refusal| Finding::failed(refusal.problem()))?;
    Ok(tokens)
}

async fn session(chart: &mut Chart, profile: &Profile, client: &Client, personal: bool) {
    let identity = match client.own_user().await {
        Ok(identity) => identity,
        Err(error) => {
            chart.note("audience", Finding::failed(not_accepted(error, personal)));
            chart.not_checked(AFTER_TOKEN.get(1..).unwrap_or_default(), "the API does not accept the token");
            return;
        }
    };
    chart.note("audience", Finding::good("the ZITADEL API accepts the token"));
    let (name, login) = (&identity.display_name, &identity.login_name);
    let (user, home) = (&identity.user, &identity.organization);
    chart
        .note("who am I", Finding::good(format!("{name} ({login}), user {user} of the organization {home}")));
    let (memberships, instance, capabilities, own) = futures_util::join!(
        own_memberships(client),
        client.instance(),
        client.capabilities(),
        client.own_permissions(home)
    );
    chart.note(
        "version",
        match instance {
            Ok(instance) => Finding::good(format!("{} ({})", instance.version, instance.name)),
            Err(error) if error.is_forbidden() => {
                Finding::good("not told: it takes the permission iam.read, which zitui does not need")
            }
            Err(error) => Finding::failed(error.into_problem("Cannot read the version")),
        },
    );
    chart.note("API", generations(profile.api, capabilities));
    match memberships {
        Ok(memberships) => {
            chart.note("roles", roles(&memberships));
            for finding in tasks::permissions(&memberships, own.ok().as_ref()) {
                chart.note("permissions", finding);
            }
        }
        Err(error) => {
            chart.note("roles", Finding::failed(error));
            chart.not_checked(&["permissions"], "the own roles are not known");
        }
    }
}

fn roles(memberships: &[Membership]) -> Finding {
    if memberships.iter().all(|own| own.roles.is_empty()) {
        return Finding::failed(Problem::new(
            ProblemKind::PermissionMissing,
            "The user has no manager role",
            "it manages nothing, so that zitui can show nothing",
            "make it manager: in the console at the instance or an organization, with IAM_OWNER_VIEWER for looking only, ORG_OWNER for one organization, IAM_OWNER for everything",
        ));
    }
    let told: Vec<String> = memberships
        .iter()
        .map(|own| {
            let roles: Vec<String> = own.roles.iter().map(Role::to_string).collect();
            let name = own.resource_name.or(&own.resource_id);
            format!("{} {name}: {}", own.level, roles.join(", ")).replace("  ", " ").replace(" :", ":")
        })
        .collect();
    Finding::good(told.join("; "))
}

fn generations(choice: ApiChoice, server: Capabilities) -> Finding {
    if choice == ApiChoice::V2 && !server.administrators_v2 {
        return Finding::failed(Problem::new(
            ProblemKind::Usage,
            "The profile asks for the v2 API",
            "this server has no v2 calls for managers",
            "choose v1 or auto",
        ));
    }
    let generation = |v2: bool| if v2 { "v2" } else { "v1" };
    let writes = generation(choice != ApiChoice::V1 && server.administrators_v2);
    Finding::good(format!(
        "change managers: {writes}; managers of one resource: v1; all managers: {}; users: {}; organizations: v1 with iam.read, else {}",
        generation(server.administrators_v2),
        generation(server.users_v2),
        generation(server.organizations_v2),
    ))
}
