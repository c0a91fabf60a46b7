//! The words that generated names are put together from. All names are made up; none means a real company.

/// First and last names with the spelling used in login names.
const FIRST: [(&str, &str); 48] = [
    ("Anna", "anna"),
    ("Jürgen", "juergen"),
    ("Maya", "maya"),
    ("Øystein", "oystein"),
    ("Léa", "lea"),
    ("Tomáš", "tomas"),
    ("Priya", "priya"),
    ("Noah", "noah"),
    ("Zoë", "zoe"),
    ("Omar", "omar"),
    ("Ingrid", "ingrid"),
    ("Mateusz", "mateusz"),
    ("Aiko", "aiko"),
    ("Samuel", "samuel"),
    ("Özlem", "oezlem"),
    ("Clara", "clara"),
    ("Dmytro", "dmytro"),
    ("Fatima", "fatima"),
    ("Henrik", "henrik"),
    ("Inês", "ines"),
    ("Jonas", "jonas"),
    ("Katharina", "katharina"),
    ("Luca", "luca"),
    ("Magdalena", "magdalena"),
    ("Nadia", "nadia"),
    ("Oliver", "oliver"),
    ("Paulina", "paulina"),
    ("Quentin", "quentin"),
    ("Rania", "rania"),
    ("Siobhán", "siobhan"),
    ("Tariq", "tariq"),
    ("Ulrike", "ulrike"),
    ("Viktor", "viktor"),
    ("Wiebke", "wiebke"),
    ("Xenia", "xenia"),
    ("Yusuf", "yusuf"),
    ("Zuzana", "zuzana"),
    ("Björn", "bjoern"),
    ("Chiara", "chiara"),
    ("Emre", "emre"),
    ("Francisca", "francisca"),
    ("Günther", "guenther"),
    ("Hana", "hana"),
    ("Imogen", "imogen"),
    ("Joachim", "joachim"),
    ("Elif", "elif"),
    ("Rhys", "rhys"),
    ("Chidi", "chidi"),
];

const LAST: [(&str, &str); 56] = [
    ("Müller", "mueller"),
    ("Okonkwo", "okonkwo"),
    ("Lindqvist", "lindqvist"),
    ("García", "garcia"),
    ("Nguyễn", "nguyen"),
    ("Weiß", "weiss"),
    ("Kováčová", "kovacova"),
    ("Tanaka", "tanaka"),
    ("Schröter", "schroeter"),
    ("O'Brien", "obrien"),
    ("Haddad", "haddad"),
    ("Novák", "novak"),
    ("Lefèvre", "lefevre"),
    ("Jørgensen", "joergensen"),
    ("Rossi", "rossi"),
    ("Demirtaş", "demirtas"),
    ("Wójcik", "wojcik"),
    ("Shevchenko", "shevchenko"),
    ("Vogel", "vogel"),
    ("Petersen", "petersen"),
    ("Carvalho", "carvalho"),
    ("Brückner", "brueckner"),
    ("Adeyemi", "adeyemi"),
    ("Steiner", "steiner"),
    ("Marchand", "marchand"),
    ("Hofstätter", "hofstaetter"),
    ("Ionescu", "ionescu"),
    ("Sandberg", "sandberg"),
    ("Raghunathan", "raghunathan"),
    ("Whitfield", "whitfield"),
    ("Næss", "naess"),
    ("König", "koenig"),
    ("Saad", "saad"),
    ("Bækken", "baekken"),
    ("Fonseca", "fonseca"),
    ("Levi", "levi"),
    ("Yıldız", "yildiz"),
    ("Krämer", "kraemer"),
    ("Ricci", "ricci"),
    ("Llewellyn", "llewellyn"),
    ("Aagaard", "aagaard"),
    ("Strauß", "strauss"),
    ("Nwosu", "nwosu"),
    ("Hedlund", "hedlund"),
    ("Moreau", "moreau"),
    ("Thürmer", "thuermer"),
    ("Kraka", "kraka"),
    ("Zahra", "zahra"),
    ("Böhm", "boehm"),
    ("Jackdaw", "jackdaw"),
    ("De Santis", "desantis"),
    ("Kattan", "kattan"),
    ("Rößler", "roessler"),
    ("Ferrante", "ferrante"),
    ("Marsh", "marsh"),
    ("Ås", "aas"),
];

const COMPANY_FIRST: [&str; 43] = [
    "Amber", "Anchor", "Aspen", "Beacon", "Birch", "Blue", "Bright", "Cedar", "Cobalt", "Copper", "Coral",
    "Crown", "Delta", "Ember", "Falcon", "Fern", "Garnet", "Golden", "Granite", "Harbour", "Heron", "Indigo",
    "Iron", "Ivory", "Juniper", "Kestrel", "Lantern", "Linden", "Maple", "Marble", "Meadow", "Nord", "Oak",
    "Ocean", "Onyx", "Orchid", "Pine", "Quartz", "River", "Silver", "Summit", "Tidal", "Willow",
];

const COMPANY_SECOND: [&str; 37] = [
    "Bridge", "Brook", "Cliff", "Coast", "Crest", "Dale", "Field", "Forge", "Fjord", "Gate", "Glen", "Grove",
    "Haven", "Hill", "Hollow", "Island", "Lake", "Light", "Mill", "Moor", "Mountain", "Path", "Peak",
    "Point", "Port", "Ridge", "Rock", "Sands", "Shore", "Spring", "Stone", "Stream", "Tower", "Vale",
    "Valley", "Wharf", "Wood",
];

const COMPANY_KIND: [&str; 29] = [
    "Logistics",
    "Energy",
    "Health",
    "Insurance",
    "Foods",
    "Robotics",
    "Studio",
    "Analytics",
    "Shipping",
    "Maschinenbau",
    "Verlag",
    "Optics",
    "Textiles",
    "Pharma",
    "Farms",
    "Media",
    "Water",
    "Rail",
    "Airways",
    "Bank",
    "Systems",
    "Laboratories",
    "Hotels",
    "Schools",
    "Ceramics",
    "Games",
    "Security",
    "Gardens",
    "Furniture",
];

const SERVICE_FIRST: [&str; 17] = [
    "deploy", "backup", "invoice", "report", "metrics", "sync", "import", "export", "mail", "search",
    "billing", "audit", "release", "sensor", "catalog", "order", "stock",
];

const SERVICE_SECOND: [&str; 9] =
    ["bot", "agent", "runner", "bridge", "gateway", "worker", "reader", "writer", "job"];

const PROJECT: [&str; 23] = [
    "Customer portal",
    "Billing",
    "Intranet",
    "Fleet map",
    "Warehouse",
    "Webshop",
    "Reports",
    "Booking",
    "Claims",
    "Meter data",
    "Shop floor",
    "Records",
    "Payroll",
    "Firmware",
    "Data lake",
    "Mobile app",
    "Partner access",
    "Spare parts",
    "Ticketing",
    "Identity lab",
    "Grid operations",
    "Documents",
    "Training",
];

/// A human user's name.
pub(super) struct Person {
    pub(super) username: String,
    pub(super) first_name: String,
    pub(super) last_name: String,
}

/// Name and domain of the organization at this position. The lengths of the three lists have no common divisor, so the
/// three remainders name each combination exactly once; after that a number is added.
pub(super) fn organization(index: usize) -> (String, String) {
    let combinations = COMPANY_FIRST.len() * COMPANY_SECOND.len() * COMPANY_KIND.len();
    let (first, second, kind) =
        (word(&COMPANY_FIRST, index), word(&COMPANY_SECOND, index), word(&COMPANY_KIND, index));
    let round = index / combinations;
    let number = if round == 0 { String::new() } else { format!(" {}", round + 1) };
    let name = format!("{first} {second} {kind}{number}");
    let domain = name.to_ascii_lowercase().replace(' ', "-");
    (name, format!("{domain}.example"))
}

/// The person at this position among all users; `last` chooses the last name.
pub(super) fn person(index: usize, last: usize) -> Person {
    let (first_name, first_login) = spelling(&FIRST, index);
    let (last_name, last_login) = spelling(&LAST, last);
    Person {
        username: format!("{first_login}.{last_login}{index}"),
        first_name: first_name.to_owned(),
        last_name: last_name.to_owned(),
    }
}

/// Login name and name of the service user at this position among all users.
pub(super) fn service(index: usize) -> (String, String) {
    let (first, second) = (word(&SERVICE_FIRST, index), word(&SERVICE_SECOND, index));
    (format!("{first}-{second}-{index}"), format!("{first} {second} {index}"))
}

/// The project at this position.
pub(super) fn project(index: usize) -> String {
    let name = word(&PROJECT, index);
    let round = index / PROJECT.len();
    if round == 0 { name.to_owned() } else { format!("{name} {}", round + 1) }
}

fn word(list: &'static [&'static str], index: usize) -> &'static str {
    index.checked_rem(list.len()).and_then(|at| list.get(at)).copied().unwrap_or_default()
}

fn spelling(list: &'static [(&'static str, &'static str)], index: usize) -> (&'static str, &'static str) {
    index.checked_rem(list.len()).and_then(|at| list.get(at)).copied().unwrap_or_default()
}
