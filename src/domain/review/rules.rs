//! The rules as data. An id is never given to another rule: acceptances and settings name it.

use super::{Rule, Severity};

const HARDENING: &str = "https://zitadel.com/docs/guides/manage/console/administrator-hardening";
const ROLES: &str = "https://zitadel.com/docs/guides/manage/console/administrators";
const CHECKLIST: &str = "https://zitadel.com/docs/guides/manage/production-checklist";
const LOGIN_CLIENT: &str = "https://zitadel.com/docs/self-hosting/manage/login-client";
const TOKEN_EXCHANGE: &str = "https://zitadel.com/docs/guides/integrate/token-exchange";
const SERVICE_ACCOUNTS: &str =
    "https://zitadel.com/docs/guides/integrate/service-accounts/authenticate-service-accounts";
const PERSONAL_TOKENS: &str =
    "https://zitadel.com/docs/guides/integrate/service-accounts/personal-access-token";
const EMERGENCY: &str =
    "https://learn.microsoft.com/en-us/entra/identity/role-based-access-control/security-emergency-access";
const FEW_ADMINISTRATORS: &str =
    "https://learn.microsoft.com/en-us/entra/identity/role-based-access-control/best-practices";
const OWASP_AUTHORIZATION: &str =
    "https://cheatsheetseries.owasp.org/cheatsheets/Authorization_Cheat_Sheet.html";
const OWASP_SERVICE: &str = "OWASP ASVS 5.0, V13.2 Backend Communication Configuration";
const OWASP_SECRETS: &str = "OWASP ASVS 5.0, V13.3 Secret Management";
const OWASP_NHI: &str = "https://owasp.org/www-project-non-human-identities-top-10/2025/top-10-2025";
const NIST_ACCOUNTS: &str = "NIST SP 800-53 Rev. 5, AC-2 Account Management";
const NIST_DUTIES: &str = "NIST SP 800-53 Rev. 5, AC-5 Separation of Duties";
const NIST_LEAST: &str = "NIST SP 800-53 Rev. 5, AC-6 Least Privilege";
const NIST_REVIEW: &str = "NIST SP 800-53 Rev. 5, AC-6(7) Review of User Privileges";
const CIS_DORMANT: &str = "CIS Controls v8, 5.3 Disable Dormant Accounts";
const CIS_DEDICATED: &str =
    "CIS Controls v8, 5.4 Restrict Administrator Privileges to Dedicated Administrator Accounts";
const CIS_SERVICE: &str = "CIS Controls v8, 5.5 Establish and Maintain an Inventory of Service Accounts";
const CIS_REVOKING: &str = "CIS Controls v8, 6.2 Establish an Access Revoking Process";
const CIS_ROLES: &str = "CIS Controls v8, 6.8 Define and Maintain Role-Based Access Control";

/// Every rule, by id.
pub const RULES: &[Rule] = &[
    NO_INSTANCE_OWNER,
    NO_ORGANIZATION_OWNER,
    NO_OWN_OWNER,
    ONE_INSTANCE_OWNER,
    ONE_ORGANIZATION_OWNER,
    DEAD_OWNER,
    DEAD_MANAGER,
    INSTANCE_ROLE_FROM_OUTSIDE,
    PERSON_AMONG_APPLICATIONS,
    POWER_OVER_OPERATORS,
    LOGIN_CLIENT_WITH_MORE,
    LOGIN_CLIENT_IS_PERSON,
    MANY_MAKERS_OF_INSTANCE,
    MANY_MAKERS_OF_ORGANIZATION,
    IMPERSONATES_ADMINISTRATORS,
    IMPERSONATES_END_USERS,
    NO_ROLE,
    UNKNOWN_ROLE,
    INACTIVE_GRANT,
    INACTIVE_PROJECT,
    INACTIVE_ORGANIZATION,
    MANY_ORGANIZATIONS,
    RECENT_POWER,
    ENDLESS_CREDENTIAL,
    MANY_CREDENTIALS,
    ENDED_CREDENTIALS,
];

pub(super) const NO_INSTANCE_OWNER: Rule = Rule {
    id: "ZR001",
    title: "Instance without an owner who can sign in",
    severity: Severity::Critical,
    why: "Without an IAM_OWNER who can sign in, nobody can change instance settings, add instance managers or rescue \
          an organization; the way back leads through the database or the system API. The server itself does not \
          refuse to remove or lock the last owner.",
    fix: "Make an account that can sign in IAM_OWNER, or reactivate one that holds the role. Keep a service user with \
          IAM_OWNER for emergencies, its credential stored offline.",
    sources: &[HARDENING, CHECKLIST, EMERGENCY],
};

pub(super) const NO_ORGANIZATION_OWNER: Rule = Rule {
    id: "ZR002",
    title: "Organization without an owner who can sign in",
    severity: Severity::High,
    why: "Nobody who belongs to the organization can manage its users, projects and settings; every change waits for \
          an instance manager, and requests tend to be answered with broader roles than needed. Organizations that \
          are not in use are left out.",
    fix: "Make an account that can sign in ORG_OWNER, reactivate an owner, or deactivate the organization if it is \
          not needed any more.",
    sources: &[ROLES, CHECKLIST, NIST_ACCOUNTS],
};

pub(super) const NO_OWN_OWNER: Rule = Rule {
    id: "ZR003",
    title: "Project or grant whose own owners all cannot sign in",
    severity: Severity::Medium,
    why: "Somebody was made owner of just this project or grant, and none of them can sign in any more. The owners of \
          the organization can still manage it, but whoever was meant to cannot. A project or grant without managers \
          of its own is normal and no finding, and what is not in use is left out.",
    fix: "Make somebody who can sign in owner, reactivate an owner, or remove the old ones so that the organization's \
          owners are visibly in charge.",
    sources: &[ROLES, NIST_ACCOUNTS],
};

pub(super) const ONE_INSTANCE_OWNER: Rule = Rule {
    id: "ZR004",
    title: "Only one owner of the instance who can sign in",
    severity: Severity::High,
    why: "One lost second factor, one locked account or one person who leaves, and the instance has no owner. \
          ZITADEL's own checklists ask for a second trusted administrator and a service user for emergencies.",
    fix: "Make a second account IAM_OWNER: a trusted person, or a service user whose credential is stored offline.",
    sources: &[HARDENING, CHECKLIST, EMERGENCY],
};

pub(super) const ONE_ORGANIZATION_OWNER: Rule = Rule {
    id: "ZR005",
    title: "Only one owner of an organization who can sign in",
    severity: Severity::Low,
    why: "When the only owner leaves or is locked, the organization depends on instance managers. Less urgent than on \
          the instance, because those can always help. Organizations that are not in use are left out.",
    fix: "Make a second account ORG_OWNER.",
    sources: &[CHECKLIST, NIST_ACCOUNTS],
};

pub(super) const DEAD_OWNER: Rule = Rule {
    id: "ZR006",
    title: "Owner who is inactive, locked or deleted",
    severity: Severity::Medium,
    why: "The account cannot be used now, but whoever reactivates or unlocks it hands back full power without anybody \
          deciding so. It also makes the list of owners look longer than it is.",
    fix: "Remove the manager; give the role again if the account comes back and still needs it.",
    sources: &[NIST_ACCOUNTS, CIS_DORMANT, CIS_REVOKING],
};

pub(super) const DEAD_MANAGER: Rule = Rule {
    id: "ZR007",
    title: "Other manager who is inactive, locked or deleted",
    severity: Severity::Low,
    why: "A role left on an account that is out of use returns together with the account, and hides who really \
          manages the resource.",
    fix: "Remove the manager; give the role again if the account comes back and still needs it.",
    sources: &[NIST_ACCOUNTS, CIS_DORMANT, CIS_REVOKING],
};

pub(super) const INSTANCE_ROLE_FROM_OUTSIDE: Rule = Rule {
    id: "ZR008",
    title: "Instance role held from outside the default organization",
    severity: Severity::High,
    why: "The managers of the home organization decide how its users sign in: password, second factor, identity \
          provider, lock-out. Where an instance manager lives among the users of a customer or an application, those \
          managers reach, through that account, the whole instance. ZITADEL advises one organization that is reserved \
          for operators. zitui takes the default organization for it; where yours is another one, accept these \
          findings or turn the rule off.",
    fix: "Give the role to an account in the default organization, and take it from the account outside.",
    sources: &[HARDENING, NIST_DUTIES],
};

pub(super) const PERSON_AMONG_APPLICATIONS: Rule = Rule {
    id: "ZR009",
    title: "Person with IAM_OWNER in an organization that runs applications",
    severity: Severity::Medium,
    why: "An organization with applications has a login policy made for their users and managers of its own. Persons \
          who own the instance should not depend on either; ZITADEL's review questions ask for them explicitly. The \
          project of ZITADEL's own console does not count as an application.",
    fix: "Give the person a second account in an organization reserved for operators, and take IAM_OWNER from this \
          one.",
    sources: &[HARDENING, CIS_DEDICATED],
};

pub(super) const POWER_OVER_OPERATORS: Rule = Rule {
    id: "ZR010",
    title: "Organization role over the accounts of instance managers",
    severity: Severity::High,
    why: "ORG_OWNER and ORG_USER_MANAGER manage the users of their organization. Where holders of writing instance \
          roles live there, such a role manages those accounts as well and can become as powerful as they are. Who \
          holds IAM_OWNER anyway is left out.",
    fix: "Take the role away, or move the instance roles to accounts in an organization reserved for operators.",
    sources: &[HARDENING, NIST_LEAST],
};

pub(super) const LOGIN_CLIENT_WITH_MORE: Rule = Rule {
    id: "ZR011",
    title: "Login client role together with other roles",
    severity: Severity::High,
    why: "IAM_LOGIN_CLIENT is meant for the login application alone. Its credential lies on a server that faces the \
          internet, so every further role of the same user is exposed with it. ZITADEL advises a service user of its \
          own with this one role.",
    fix: "Leave IAM_LOGIN_CLIENT as the only role of that user, and give the other roles to another one.",
    sources: &[HARDENING, LOGIN_CLIENT, NIST_DUTIES],
};

pub(super) const LOGIN_CLIENT_IS_PERSON: Rule = Rule {
    id: "ZR012",
    title: "Login client role held by a person",
    severity: Severity::High,
    why: "The role handles sessions of every user and can make anybody manager. The login application signs in with a \
          service user; a person with this role can do the same without any of the login's checks.",
    fix: "Take IAM_LOGIN_CLIENT from the person; the login application gets a service user of its own.",
    sources: &[HARDENING, LOGIN_CLIENT],
};

pub(super) const MANY_MAKERS_OF_INSTANCE: Rule = Rule {
    id: "ZR013",
    title: "Many users who can make others manager from the instance level",
    severity: Severity::Medium,
    why: "Every one of them can make anybody owner of any organization, some of them of the instance, also \
          themselves. Five or more who can sign in count as many: the usual advice for the highest role of an \
          identity system is at least two and fewer than five. It is one finding with the number and the names, since \
          each of them alone is normal.",
    fix: "Replace the role of those who do not need it by a smaller one, as in IAM_OWNER_VIEWER or IAM_USER_MANAGER.",
    sources: &[FEW_ADMINISTRATORS, HARDENING, NIST_LEAST],
};

pub(super) const MANY_MAKERS_OF_ORGANIZATION: Rule = Rule {
    id: "ZR014",
    title: "Many users who can make others manager of one organization",
    severity: Severity::Low,
    why: "The same as on the instance, within one organization: five or more who can sign in and can make others \
          owner of it. Roles on single projects and grants do not count.",
    fix: "Replace ORG_OWNER of those who do not need it by a smaller role, as in ORG_USER_MANAGER or \
          ORG_SETTINGS_MANAGER.",
    sources: &[FEW_ADMINISTRATORS, OWASP_AUTHORIZATION, CIS_ROLES],
};

pub(super) const IMPERSONATES_ADMINISTRATORS: Rule = Rule {
    id: "ZR015",
    title: "May act in the name of administrators",
    severity: Severity::High,
    why: "Whoever may act as any administrator has the power of all of them together, and what is done appears as \
          done by somebody else. The role has an effect only while impersonation is switched on in the security \
          settings of the instance.",
    fix: "Take the role away when the case it was given for is over; IAM_END_USER_IMPERSONATOR or the role of one \
          organization is smaller.",
    sources: &[TOKEN_EXCHANGE, ROLES, NIST_LEAST],
};

pub(super) const IMPERSONATES_END_USERS: Rule = Rule {
    id: "ZR016",
    title: "May act in the name of end users",
    severity: Severity::Medium,
    why: "Everything that an end user may see and do in the applications is open to the holder. Support needs it \
          sometimes, hardly anybody needs it always. The role has an effect only while impersonation is switched on \
          in the security settings of the instance.",
    fix: "Take the role away when the case it was given for is over.",
    sources: &[TOKEN_EXCHANGE, ROLES, NIST_LEAST],
};

pub(super) const NO_ROLE: Rule = Rule {
    id: "ZR017",
    title: "Manager without any role",
    severity: Severity::Low,
    why: "The server accepts a manager of the instance without roles. It has no power, but it is left over from \
          something, and in long lists it hides those who count.",
    fix: "Remove the manager, or give it the role that was meant.",
    sources: &[NIST_REVIEW, OWASP_AUTHORIZATION],
};

pub(super) const UNKNOWN_ROLE: Rule = Rule {
    id: "ZR018",
    title: "Role that this server does not know",
    severity: Severity::Low,
    why: "A role that is neither one of ZITADEL's nor defined in the configuration of this server gives nothing \
          today. As soon as somebody defines a role of that name, all who were forgotten get its power at once.",
    fix: "Take the role away, or define it again in the server's configuration.",
    sources: &[ROLES, CIS_ROLES],
};

pub(super) const INACTIVE_GRANT: Rule = Rule {
    id: "ZR019",
    title: "Managers of an inactive project grant",
    severity: Severity::Low,
    why: "The grant is switched off, its managers are not: they can still be changed, and are back in power as soon \
          as the grant is.",
    fix: "Remove the managers, or the grant itself if it will not come back.",
    sources: &[
        "https://zitadel.com/docs/reference/api/project/zitadel.project.v2.ProjectService.DeactivateProjectGrant",
        NIST_REVIEW,
        CIS_REVOKING,
    ],
};

pub(super) const INACTIVE_PROJECT: Rule = Rule {
    id: "ZR020",
    title: "Managers of an inactive project",
    severity: Severity::Low,
    why: "The project is switched off, its managers are not: they can still be changed, and are back in power as soon \
          as the project is.",
    fix: "Remove the managers, or the project itself if it will not come back.",
    sources: &[
        "https://zitadel.com/docs/reference/api/project/zitadel.project.v2.ProjectService.DeactivateProject",
        NIST_REVIEW,
        CIS_REVOKING,
    ],
};

pub(super) const INACTIVE_ORGANIZATION: Rule = Rule {
    id: "ZR021",
    title: "Managers of an inactive organization",
    severity: Severity::Low,
    why: "Deactivating an organization keeps its users from signing in, but leaves its managers as they are. Managers \
          whose home is another organization keep working in it, and all are back as soon as it is.",
    fix: "Remove the managers, or the organization itself if it will not come back.",
    sources: &[
        "https://zitadel.com/docs/reference/api/management/zitadel.management.v1.ManagementService.DeactivateOrg",
        NIST_REVIEW,
        CIS_REVOKING,
    ],
};

pub(super) const MANY_ORGANIZATIONS: Rule = Rule {
    id: "ZR022",
    title: "Person with powers in several organizations",
    severity: Severity::Low,
    why: "Powers gathered over years in one organization after another are the typical privilege creep: each was \
          right when it was given, together they reach further than anybody decided. Roles that only read, and the \
          instance, do not count; a grant counts for the organization that received it.",
    fix: "Go through the list with the person and remove what is not needed today.",
    sources: &[OWASP_AUTHORIZATION, NIST_REVIEW, CIS_ROLES],
};

pub(super) const RECENT_POWER: Rule = Rule {
    id: "ZR023",
    title: "Power given recently",
    severity: Severity::Info,
    why: "What was given since the last review is what the next one should look at first, with who gave it. One \
          finding for each manager, since each was a decision of its own; roles that only read are left out, and so \
          is what was taken back since.",
    fix: "Ask who gave it, and take it back if nobody can say why it was needed.",
    sources: &[HARDENING, NIST_ACCOUNTS, NIST_REVIEW],
};

pub(super) const ENDLESS_CREDENTIAL: Rule = Rule {
    id: "ZR024",
    title: "Powerful service user whose key or token never ends",
    severity: Severity::Medium,
    why: "A copy of a key or token that never ends works for ever, wherever it was left. With a role that can make \
          others manager, acts as others or writes on the instance, it is a master key. An emergency account may need \
          one: accept the finding and say where it is stored.",
    fix: "Make a key with an end date, change over to it, and delete the endless one; or give the service user a \
          smaller role.",
    sources: &[OWASP_NHI, OWASP_SECRETS, PERSONAL_TOKENS, CIS_SERVICE],
};

pub(super) const MANY_CREDENTIALS: Rule = Rule {
    id: "ZR025",
    title: "Powerful service user with many keys or tokens",
    severity: Severity::Low,
    why: "Several keys of one service user usually mean that several programs or persons share it, so that nobody can \
          tell who did something, and no key can be deleted without fear. Two at a time are enough to change over.",
    fix: "Delete keys that nobody uses, and give each program a service user of its own.",
    sources: &[OWASP_NHI, OWASP_SERVICE, SERVICE_ACCOUNTS, CIS_SERVICE],
};

pub(super) const ENDED_CREDENTIALS: Rule = Rule {
    id: "ZR026",
    title: "Service user whose keys and tokens have all ended",
    severity: Severity::Low,
    why: "Nothing signs in with these keys and tokens any more, so either the service user is forgotten, or it will \
          be given a new key and with it the old roles. A client secret, which cannot be read, may still work.",
    fix: "Remove the manager if nothing uses the service user any more; else make a new key and delete the old ones.",
    sources: &[OWASP_NHI, CIS_SERVICE, CIS_REVOKING],
};
