//! The embedded look-alike of a ZITADEL instance. It may use nothing of ours but the role catalogue.
