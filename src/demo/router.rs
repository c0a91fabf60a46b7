//! From a request to the answer: finds the route, checks token, organization header, membership and permission in the
//! order of the server (CONTRACT.md section 19), and puts refusals into the envelope of the family.

use super::credential::Credentials;
use super::fault::Effect;
use super::message::{Json, Reply, Request};
use super::permission::{Power, Reach, Roles};
use super::refusal::{Code, Refusal};
use super::routes;
use super::store::{Store, View};
use super::world::{OrganizationState, UserState};
use super::{Settings, Version};

/// The running instance: all that requests read and change.
pub(super) struct State {
    pub(super) settings: Settings,
    pub(super) store: Store,
    pub(super) roles: Roles,
    pub(super) credentials: Credentials,
}

/// One endpoint.
pub(super) struct Route {
    pub(super) method: &'static str,
    /// The path; a segment in braces is a parameter.
    pub(super) pattern: &'static str,
    pub(super) access: Access,
    /// The first version that has it.
    pub(super) since: Version,
    pub(super) handle: fn(&mut Call<'_>) -> Result<Reply, Refusal>,
}

/// What a route asks of the sender before its handler runs.
#[derive(Clone, Copy)]
pub(super) enum Access {
    /// Nothing, not even a token.
    Open,
    /// A valid token, and an organization header that names an organization.
    Token,
    /// A permission in the context, for whatever project or grant.
    In(&'static str),
    /// A permission in the context for all, or for one of the objects that these path parameters name.
    On(&'static str, &'static [&'static str]),
}

impl Route {
    /// A route that every version has.
    pub(super) const fn new(
        method: &'static str,
        pattern: &'static str,
        access: Access,
        handle: fn(&mut Call<'_>) -> Result<Reply, Refusal>,
    ) -> Self {
        Self { method, pattern, access, since: Version::V2_68, handle }
    }

    /// A route that came with a later version.
    pub(super) const fn since(mut self, version: Version) -> Self {
        self.since = version;
        self
    }

    fn parameters(&self, path: &str) -> Option<Vec<(&'static str, String)>> {
        let (mut wanted, mut given) = (self.pattern.split('/'), path.split('/'));
        let mut parameters = Vec::new();
        loop {
            match (wanted.next(), given.next()) {
                (None, None) => return Some(parameters),
                (Some(wanted), Some(given)) => {
                    match wanted.strip_prefix('{').and_then(|it| it.strip_suffix('}')) {
                        Some(name) if !given.is_empty() => parameters.push((name, decoded(given))),
                        None if wanted == given => {}
                        _ => return None,
                    }
                }
                _ => return None,
            }
        }
    }
}

/// A path segment without percent signs.
fn decoded(segment: &str) -> String {
    let literal = segment.replace('+', "%2B");
    url::form_urlencoded::parse(literal.as_bytes())
        .next()
        .map_or_else(String::new, |(text, _)| text.into_owned())
}

/// One request on its way through a handler.
pub(super) struct Call<'a> {
    pub(super) state: &'a mut State,
    pub(super) request: &'a Request,
    parameters: Vec<(&'static str, String)>,
    /// The id of the sender; empty on open routes.
    pub(super) caller: String,
    /// The id of the organization that the request is about.
    pub(super) context: String,
    /// Up to which write lists may look.
    pub(super) view: View,
    /// Up to which write permissions count.
    pub(super) powers: View,
    /// How far the server's clock is off, in seconds.
    pub(super) clock_offset: i64,
}

impl Call<'_> {
    /// The version that the instance imitates.
    pub(super) const fn version(&self) -> Version {
        self.state.settings.version
    }

    /// A path parameter; empty if the route has none of this name.
    pub(super) fn parameter(&self, name: &str) -> &str {
        self.parameters.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value)
    }

    /// The body.
    pub(super) fn json(&self) -> Result<Json, Refusal> {
        self.request.json()
    }

    /// What the sender may do in the context of an organization.
    pub(super) fn power_in(&self, organization: &str) -> Power<'_> {
        Power::new(&self.state.store, &self.state.roles, &self.caller, organization, self.powers)
    }

    /// The inner check of v2 calls and of grant writes since 4.0.
    pub(super) fn require_inside(
        &self,
        organization: &str,
        permission: &str,
        objects: &[&str],
    ) -> Result<(), Refusal> {
        match self.power_in(organization).reach(permission) {
            Reach::NoMember => Err(Refusal::NO_MEMBERSHIP),
            Reach::All => Ok(()),
            Reach::Only(held) if held.iter().any(|id| objects.contains(id)) => Ok(()),
            Reach::Only(_) | Reach::None => Err(Refusal::NO_PERMISSION_INSIDE),
        }
    }

    fn sign_in(&mut self) -> Result<(), Refusal> {
        let header = self.request.header("authorization").ok_or(Refusal::NO_HEADER)?;
        let secret = header.strip_prefix("Bearer ").ok_or(Refusal::NO_BEARER)?;
        let state = &*self.state;
        let token =
            state.credentials.token(secret).filter(|token| token.opens_apis()).ok_or(Refusal::TOKEN)?;
        let active =
            matches!(state.store.user_state(&token.user), Some(UserState::Active | UserState::Initial));
        let user = state.store.user(&token.user).filter(|_| active).ok_or(Refusal::TOKEN)?;
        let (caller, own) = (user.id.clone(), user.organization.clone());
        self.context = match self.request.header("x-zitadel-orgid").filter(|id| !id.is_empty()) {
            None => own,
            Some(id) => match state.store.organization(id) {
                Some(it) if it.state != OrganizationState::Removed || self.version() > Version::V2_68 => {
                    it.id.clone()
                }
                _ => return Err(Refusal::UNKNOWN_ORGANIZATION),
            },
        };
        self.caller = caller;
        Ok(())
    }

    fn permit(&self, access: Access) -> Result<(), Refusal> {
        let (permission, names) = match access {
            Access::Open | Access::Token => return Ok(()),
            Access::In(permission) => (permission, None),
            Access::On(permission, names) => (permission, Some(names)),
        };
        match self.power_in(&self.context).reach(permission) {
            Reach::NoMember => Err(Refusal::NO_MEMBERSHIP),
            Reach::None => Err(Refusal::NO_PERMISSION),
            Reach::All => Ok(()),
            Reach::Only(held) => match names {
                Some(names) if !names.iter().any(|name| held.contains(&self.parameter(name))) => {
                    Err(Refusal::OTHER_OBJECT)
                }
                _ => Ok(()),
            },
        }
    }
}

/// Carries a request out.
pub(super) fn answer(state: &mut State, request: &Request, effects: &[Effect]) -> Reply {
    if !matches!(host_name(&request.host), "localhost" | "127.0.0.1") {
        return unknown_host(request);
    }
    let version = state.settings.version;
    let matching = || routes::all().filter(|route| version >= route.since);
    let found = matching().find_map(|route| {
        route.parameters(&request.path).filter(|_| route.method == request.method).map(|it| (route, it))
    });
    let Some((route, parameters)) = found else {
        let known = matching().any(|route| route.parameters(&request.path).is_some());
        return nothing_here(request, known, version);
    };
    if is_connect(&request.path)
        && let Some(reply) = connect_transport(request)
    {
        return reply;
    }
    match carry_out(state, request, route, parameters, effects) {
        Ok(reply) => reply,
        Err(refusal) => refused(request, &refusal),
    }
}

fn carry_out(
    state: &mut State,
    request: &Request,
    route: &Route,
    parameters: Vec<(&'static str, String)>,
    effects: &[Effect],
) -> Result<Reply, Refusal> {
    let usual = state.settings.list_delay;
    let lag = effects.iter().find_map(|effect| if let Effect::Lag(lag) = effect { Some(*lag) } else { None });
    let powers = state.store.view(lag.unwrap_or(usual));
    let earlier = effects.contains(&Effect::Stale).then(|| state.store.view_before_last_write());
    let clock_offset =
        effects.iter().find_map(|it| if let Effect::Clock(off) = it { Some(*off) } else { None });
    let mut call = Call {
        state,
        request,
        parameters,
        caller: String::new(),
        context: String::new(),
        view: earlier.map_or(powers, |earlier| earlier.min(powers)),
        powers,
        clock_offset: clock_offset.unwrap_or(0),
    };
    if !matches!(route.access, Access::Open) {
        if effects.contains(&Effect::TokenExpired) {
            return Err(Refusal::TOKEN);
        }
        call.sign_in()?;
        call.permit(route.access)?;
    }
    (route.handle)(&mut call)
}

/// A refusal in the envelope of the family that the path belongs to.
pub(super) fn refused(request: &Request, refusal: &Refusal) -> Reply {
    if is_connect(&request.path) {
        Reply::refused_connect(refusal)
    } else if request.path.starts_with("/oauth/") || request.path.starts_with("/oidc/") {
        Reply::refused_oauth(refusal.code.status(), "server_error", &refusal.text)
    } else {
        Reply::refused(refusal, request.wants_german())
    }
}

fn is_connect(path: &str) -> bool {
    path.starts_with("/zitadel.")
}

/// The rules of the Connect transport that come before the call (CONTRACT.md section 1).
fn connect_transport(request: &Request) -> Option<Reply> {
    let json = request.header("content-type").is_some_and(|kind| kind.starts_with("application/json"));
    let protocol = request.header("connect-protocol-version").is_none_or(|version| version == "1");
    if !json {
        Some(Reply::empty(415).with("Accept-Post", "application/json"))
    } else if !protocol {
        let text = "connect-protocol-version must be \"1\"";
        Some(Reply::refused_connect(&Refusal::invalid(text)))
    } else if request.body.is_empty() {
        let text = "unmarshal message: zero-length payload is not a valid JSON object";
        Some(Reply::refused_connect(&Refusal::invalid(text)))
    } else {
        None
    }
}

fn nothing_here(request: &Request, known: bool, version: Version) -> Reply {
    let path = request.path.as_str();
    if known && is_connect(path) {
        return Reply::empty(405).with("Allow", "POST");
    }
    if known {
        return Reply::refused(&Refusal::plain(Code::Unimplemented, "Method Not Allowed"), false);
    }
    let service = path.rsplit_once('/').map_or(path, |(service, _)| service);
    let known_service = is_connect(path)
        && routes::all()
            .any(|route| version >= route.since && route.pattern.starts_with(&format!("{service}/")));
    if known_service || path.starts_with("/oidc/") || path.starts_with("/debug/") {
        return Reply::text(404, "404 page not found\n");
    }
    if path == "/" {
        return Reply::empty(302).with("Location", "/ui/console/");
    }
    Reply::refused(&Refusal::plain(Code::NotFound, "Not Found"), false)
}

/// The host without its port.
fn host_name(host: &str) -> &str {
    host.rsplit_once(':')
        .filter(|(_, port)| port.bytes().all(|it| it.is_ascii_digit()))
        .map_or(host, |(name, _)| name)
}

/// Recording `auth/unknown-host`.
fn unknown_host(request: &Request) -> Reply {
    let host = &request.host;
    Reply::text(
        404,
        format!(
            "unable to set instance using origin &{{{host}  http}} (ExternalDomain is localhost): ID=QUERY-1kIjX \
             Message=Instance not found. Make sure you got the domain right. Check out \
             https://zitadel.com/docs/apis/introduction#domains\n"
        ),
    )
}
