//! `zitui orgs list`.

use serde_json::json;

use super::output::Row;
use super::run::Context;
use super::table::Column;
use crate::domain::organization::Organization;
use crate::domain::problem::Problem;

const COLUMNS: &[Column] =
    &[Column::text("NAME"), Column::text("PRIMARY DOMAIN"), Column::whole("STATE"), Column::whole("ID")];

pub(super) async fn list(context: &mut Context, search: &str) -> Result<(), Problem> {
    let read = context.session.all_organizations(search);
    let organizations = context.interrupt.stops(read).await?;
    if organizations.is_empty() {
        context.output.note("no organization that you may see fits");
    }
    let rows: Vec<Row> = organizations.iter().map(row).collect();
    context.output.rows("organizations", COLUMNS, &rows)
}

fn row(organization: &Organization) -> Row {
    Row {
        texts: vec![
            organization.name.to_string(),
            organization.primary_domain.to_string(),
            organization.state.to_string(),
            organization.id.to_string(),
        ],
        json: json!({
            "id": organization.id.as_str(),
            "name": organization.name.as_str(),
            "primary_domain": organization.primary_domain.as_str(),
            "state": organization.state.to_string(),
        }),
    }
}
