//! The applications of a project. Written after the public `zitadel/management.proto` and `app.proto`: no recording
//! shows this list.

use serde_json::{Value, json};

use super::projects::state;
use crate::demo::list::{self, Paging};
use crate::demo::message::Reply;
use crate::demo::refusal::Refusal;
use crate::demo::router::{Access, Call, Route};
use crate::demo::world::{Activity, Application, ApplicationKind};

pub(super) const ROUTES: &[Route] = &[Route::new(
    "POST",
    "/management/v1/projects/{project}/apps/_search",
    Access::On("project.app.read", &["project"]),
    search,
)];

/// What the setup of a server puts into its own project.
const OF_SERVER: [&str; 4] = ["Management-API", "Admin-API", "Auth-API", "Console"];

fn search(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let json = call.json()?;
    let store = &call.state.store;
    let project = call.parameter("project");
    let here = store.project(project).is_some_and(|it| it.organization == call.context);
    let mut rows: Vec<Value> = Vec::new();
    if here && project == store.instance.iam_project {
        rows.extend((1..).zip(OF_SERVER).map(|(number, name)| of_server(call, number, name)));
    } else if here {
        rows.extend(store.applications_of(project).map(|it| row(call, it)));
    }
    let paging = Paging::of(json.part());
    let total = paging.total(rows.len());
    Ok(Reply::json(&list::v1_list(call.version(), total, "result", paging.cut(rows))))
}

fn of_server(call: &Call<'_>, number: u32, name: &str) -> Value {
    let founded = call.state.store.founded;
    let kind = if name == "Console" { ApplicationKind::Oidc } else { ApplicationKind::Api };
    let application = Application {
        id: format!("{}{number}", call.state.store.instance.iam_project),
        project: call.state.store.instance.iam_project.clone(),
        name: name.to_owned(),
        kind,
        state: Activity::Active,
        created: Some(founded),
    };
    row(call, &application)
}

fn row(call: &Call<'_>, application: &Application) -> Value {
    let created = application.created.unwrap_or(call.state.store.founded);
    let (field, settings) = match application.kind {
        ApplicationKind::Oidc => (
            "oidcConfig",
            json!({
                "redirectUris": ["https://app.example/callback"], "clientId": application.id,
                "responseTypes": ["OIDC_RESPONSE_TYPE_CODE"], "grantTypes": ["OIDC_GRANT_TYPE_AUTHORIZATION_CODE"],
            }),
        ),
        ApplicationKind::Api => ("apiConfig", json!({"clientId": application.id})),
    };
    let mut row = json!({
        "id": application.id,
        "details": list::details(1, created, created, &call.context),
        "state": format!("APP_STATE_{}", state(application.state)),
        "name": application.name,
    });
    if let Some(fields) = row.as_object_mut() {
        fields.insert(field.to_owned(), settings);
    }
    row
}
