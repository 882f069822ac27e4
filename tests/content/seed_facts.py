"""Every fact of the seed, the public page on which it stands, and words by which to find it there.

``(fact, path, words in Azerbaijani, words in English)``. Paths stand without their language:
``/units/ministry/`` is ``/az/units/ministry/`` and ``/en/units/ministry/``. The words are as short
as will do, and as a visitor reads them. The closing note prints the table with
``python -m tests.content.seed_facts``.
"""

MINISTRY = "/units/ministry/"
BAKU = "/units/baku-police/"
POLICE = "/units/police/"
TROOPS = "/units/internal-troops/"
ACADEMY = "/units/police-academy/"
COLLEGE = "/units/police-college/"
SCHOOL = "/units/high-military-school/"
PARTNERS = "/international/"

INFOBOX = [
    ("agency name", MINISTRY, "Daxili İşlər Nazirliyi", "Ministry of Internal Affairs"),
    (
        "native name",
        MINISTRY,
        "Azərbaycan Respublikasının Daxili İşlər Nazirliyi",
        "Azərbaycan Respublikasının Daxili İşlər Nazirliyi",
    ),
    ("caption of the insignia", MINISTRY, "nişanı", "Insignia"),
    ("formed", MINISTRY, "28 may 1918", "28 May 1918"),
    ("jurisdiction", MINISTRY, "Azərbaycan", "Azerbaijan"),
    (
        "headquarters",
        MINISTRY,
        "Azərbaycan prospekti 7, Bakı, AZ1005",
        "7 Azerbaijan Ave, Baku, AZ1005",
    ),
    ("headquarters, on the contact page", "/contact/", "AZ1005", "AZ1005"),
    ("minister", "/leadership/", "Vilayət Eyvazov", "Vilayət Eyvazov"),
    ("minister, other spelling", "/people/vilayet-eyvazov/", "Vilayet", "Vilayet"),
    ("the post", "/leadership/", "Daxili işlər naziri", "Minister of Internal Affairs"),
    ("child agency", MINISTRY, "Polis Akademiyası", "Police Academy"),
    ("child agency, as named in the table", ACADEMY, "məlumat cədvəlində", "table of facts"),
]

WHAT_IT_IS = [
    ("keeps order", MINISTRY, "asayiş", "keeping order"),
    ("safety of the population and officials", MINISTRY, "vəzifəli şəxs", "officials"),
    ("safety of buildings and structures", MINISTRY, "qurğu", "structures"),
    ("appointed and removed by the President", "/about/", "Prezident", "President"),
    ("the President is Commander-in-chief", "/about/", "Baş Komandan", "Commander-in-chief"),
    ("how the post is filled, with the leader", "/leadership/", "Prezident", "President"),
]

HISTORY = [
    (
        "established on the day of independence",
        "/history/ministry-established-1918/",
        "28 may 1918",
        "28 May 1918",
    ),
    ("Democratic Republic", MINISTRY, "Xalq Cümhuriyyəti", "Democratic Republic"),
    ("part in state building", "/history/ministry-established-1918/", "dövlət quruculuğu", "state"),
    (
        "under the USSR ministry in 1920",
        "/history/ministry-under-ussr-1920/",
        "28 aprel 1920",
        "28 April 1920",
    ),
    ("superior of those years is dated", MINISTRY, "SSRİ Daxili İşlər Nazirliyi", "of the USSR"),
    ("USSR founded only in 1922", "/history/ministry-under-ussr-1920/", "1922", "1922"),
    ("about 800 decorated", "/history/patriotic-war-awards/", "800", "800"),
    (
        "struggle against Nazi Germany",
        "/history/patriotic-war-awards/",
        "Nasist Almaniyası",
        "Nazi Germany",
    ),
    ("about 800, among the figures", "/figures/", "800", "800"),
    (
        "re-established in 1991",
        "/history/ministry-reestablished-1991/",
        "18 oktyabr 1991",
        "18 October 1991",
    ),
    ("932 killed", "/history/first-karabakh-war/", "932", "932"),
    ("932 killed, among the figures", "/figures/", "932", "932"),
    ("66 National Heroes", "/history/karabakh-war-awards/", "66", "66"),
    ("86 Flag Orders", "/history/karabakh-war-awards/", "86", "86"),
    ("247 other orders and medals", "/history/karabakh-war-awards/", "247", "247"),
    ("66, 86 and 247 among the figures", "/figures/", "247", "247"),
    ("joined Interpol", "/history/interpol-membership-1992/", "1992", "1992"),
    (
        "full name of Interpol",
        "/international/interpol/",
        "Beynəlxalq Cinayət Polisi Təşkilatı",
        "International Criminal Police Organization",
    ),
    (
        "National Central Bureau set up",
        "/history/interpol-bureau-1992/",
        "24 noyabr 1992",
        "24 November 1992",
    ),
    (
        "internal security created",
        "/history/internal-security-2004/",
        "30 iyun 2004",
        "30 June 2004",
    ),
    ("corporate control over the services", "/units/internal-security/", "korporativ", "corporate"),
    ("exposure of corrupt officers", "/units/internal-security/", "korrupsiya", "corrupt"),
]

ON_POLICE = [
    ("main law enforcement body", POLICE, "hüquq mühafizə", "law enforcement"),
    ("operates under the ministry", POLICE, "Daxili İşlər Nazirliyi", "Ministry of Internal"),
    ("Baku is the oldest department", BAKU, "ən qədim", "oldest"),
    ("annexation of 1828", "/history/annexation-1828/", "1828", "1828"),
    ("commandant's office", "/history/commandant-office-established/", "omendantlıq", "commandant"),
    (
        "department established in Baku",
        "/history/baku-police-established-1840/",
        "10 aprel 1840",
        "10 April 1840",
    ),
    ("under the Russian Empire's ministry", BAKU, "Rusiya imperiyası", "Russian Empire"),
    ("at work from 1841", "/history/baku-police-begins-1841/", "1 yanvar 1841", "1 January 1841"),
    (
        "Baku City Police Department",
        BAKU,
        "Bakı Şəhər Polis İdarəsi",
        "Baku City Police Department",
    ),
    ("Baku City Militia", BAKU, "Bakı Şəhər Milisi", "Baku City Militia"),
    ("militia established", "/history/baku-militia-1917/", "7 mart 1917", "7 March 1917"),
    ("under the Executive Committee", BAKU, "İcraiyyə Komitəsi", "Executive Committee"),
    (
        "police disbanded, no year given",
        "/history/baku-police-disbanded/",
        "13 noyabr",
        "13 November",
    ),
    (
        "the source names no year",
        "/history/baku-police-disbanded/",
        "mənbədə yoxdur",
        "names no year",
    ),
    ("a Soviet militia instead", BAKU, "sovet milisi", "Soviet militia"),
    ("Ganja since 2011", "/units/ganja-police/", "2011", "2011"),
    (
        "Nakhchivan, specialised department",
        "/units/nakhchivan-special-department/",
        "Naxçıvan Muxtar Respublikası",
        "Nakhchivan Autonomous Republic",
    ),
    (
        "Nakhchivan city",
        "/units/nakhchivan-city-police/",
        "Naxçıvan Şəhər Polis İdarəsi",
        "Nakhchivan City Police Department",
    ),
    (
        "Nagorno-Karabakh Defense Army",
        POLICE,
        "Dağlıq Qarabağ Müdafiə Ordusu",
        "Nagorno-Karabakh Defense Army",
    ),
    ("Shusha, back from Tatar", "/units/shusha-police/", "Tərtər", "Tatar"),
    ("Shusha, after the war of 2020", "/history/shusha-police-returns/", "2020", "2020"),
    ("Kalbajar", "/units/kalbajar-police/", "Kəlbəcər", "Kalbajar"),
    ("Kalbajar, after the war of 2020", "/history/kalbajar-police-created/", "2020", "2020"),
    ("Police Day", "/days/", "Azərbaycan Polisi Günü", "Azerbaijan Police Day"),
    ("Police Day is 2 July", "/days/", "2 iyul", "2 July"),
    ("march on the eve of the centenary", "/history/police-march/", "100 illiyi", "100th"),
    ("its composer", "/history/police-march/", "Aydan Əliyeva", "Aydan Aliyeva"),
    (
        "its composer works in Baku's department",
        "/people/aydan-aliyeva/",
        "Bakı Şəhər Baş Polis İdarəsi",
        "Baku City Main Police Department",
    ),
    ("its performer", "/history/police-march/", "Səməd Xasiyev", "Samad Khasiyev"),
    (
        "performer's theatre",
        "/people/samad-khasiyev/",
        "Musiqili Komediya Teatrı",
        "Musical Comedy",
    ),
]

ON_TROOPS = [
    (
        "native name",
        TROOPS,
        "Azərbaycan Respublikası Daxili Qoşunları",
        "Azərbaycan Respublikası Daxili Qoşunları",
    ),
    ("gendarmerie", TROOPS, "jandarmeriya", "gendarmerie"),
    ("subordinate to the ministry", TROOPS, "Daxili İşlər Nazirliyi", "subordinate"),
    ("descend from the Soviet troops", TROOPS, "SSRİ Daxili Qoşunları", "Soviet Union"),
    ("public order", TROOPS, "asayişin bərpası", "public order"),
    ("internal armed conflicts", TROOPS, "silahlı münaqişə", "armed conflicts"),
    ("important facilities", TROOPS, "obyekt", "facilities"),
    ("under the Land Forces in wartime", TROOPS, "Quru Qoşunları", "Land Forces"),
    ("Day of Internal Troops", "/days/", "Daxili Qoşunlar Günü", "Day of Internal Troops"),
    ("the day is 12 March", "/days/", "12 mart", "12 March"),
]

ON_EDUCATION = [
    ("school created in 1921", "/history/militia-school-1921/", "1921", "1921"),
    ("by the People's Commissariat", "/history/militia-school-1921/", "Komissarlı", "Commissariat"),
    ("for ordinary militiamen and commanders", COLLEGE, "komandir", "commanders"),
    ("in Baku until 1936", "/history/militia-school-moves-1936/", "1936", "1936"),
    ("to Mardakan", "/history/militia-school-moves-1936/", "Mərdəkan", "Mardakan"),
    ("Militia School of Baku", COLLEGE, "Bakı Milis Məktəbi", "Militia School of Baku"),
    (
        "Secondary Special Militia School",
        COLLEGE,
        "Bakı Xüsusi Orta Milis Məktəbi",
        "Secondary Special Militia School of Baku",
    ),
    ("transformed in 1957", "/history/militia-school-transformed-1957/", "1957", "1957"),
    ("diploma of secondary lawyer", COLLEGE, "hüquqşünas", "secondary lawyer"),
    ("two years", COLLEGE, "iki il", "two years"),
    (
        "trained for others 1957 to 1961",
        "/history/militia-school-trains-abroad/",
        "1957–1961",
        "1957",
    ),
    *[
        (f"trained for {en}", COLLEGE, az, en)
        for az, en in [
            ("Gürcüstan", "Georgia"),
            ("Dağıstan", "Dagestan"),
            ("Kabarda-Balkar", "Kabardino-Balkaria"),
            ("Altay", "Altai"),
            ("İrkutsk", "Irkutsk"),
            ("Krasnodar", "Krasnodar"),
            ("Kuybışev", "Kuibyshev"),
            ("Novosibirsk", "Novosibirsk"),
            ("Kemerovo", "Kemerovo"),
            ("Saratov", "Saratov"),
            ("onlarla başqa", "tens of further"),
        ]
    ],
    ("N. Rzayev Special Police College", COLLEGE, "N. Rzayev", "N. Rzayev"),
    ("decree of 1992", "/history/police-academy-1992/", "23 may 1992", "23 May 1992"),
    (
        "approved by the Cabinet of Ministers",
        "/history/academy-approved-1992/",
        "9 iyun 1992",
        "9 June 1992",
    ),
    ("two stories of the Academy's beginning", ACADEMY, "1921", "1921"),
    (
        "military school's decree",
        "/history/high-military-school-2011/",
        "25 fevral 2011",
        "25 February 2011",
    ),
    (
        "on the base of the Vocational School",
        SCHOOL,
        "Peşə Hərbi Məktəbi",
        "Vocational Military School",
    ),
    ("regulation of 2012", "/history/military-school-regulation-2012/", "2012", "2012"),
    ("in Baku", SCHOOL, "Bakı", "Baku"),
    ("its head", SCHOOL, "İlqar Məmmədov", "Ilqar Mammadov"),
    ("prepares personnel", SCHOOL, "kadr", "personnel"),
    ("improves officers' specialities", SCHOOL, "zabitlərin", "officers"),
    ("scientific work", SCHOOL, "elmi-tədqiqat", "scientific research"),
    ("four years", SCHOOL, "dörd il", "four years"),
    ("ECTS", SCHOOL, "ECTS", "ECTS"),
    ("recognition of studies abroad", SCHOOL, "xaricdə", "abroad"),
    ("two specialities", SCHOOL, "iki ixtisas", "two specialities"),
    (
        "military speciality",
        SCHOOL,
        "Ali xüsusi hərbi təhsilli zabit",
        "High Special-Military Educated Military Officer",
    ),
    (
        "civil speciality",
        SCHOOL,
        "Bədən tərbiyəsi və ilkin hazırlıq müəllimi",
        "Physical Education and Initial Preparation Teacher",
    ),
    ("bachelor's degree", SCHOOL, "bakalavr", "bachelor"),
    ("lieutenant's commission", SCHOOL, "leytenant", "lieutenant"),
]

ON_PARTNERS = [
    ("partner: United Nations", PARTNERS, "Birləşmiş Millətlər", "United Nations"),
    ("partner: European Union", PARTNERS, "Avropa İttifaqı", "European Union"),
    ("partner: OSCE", PARTNERS, "ATƏT", "OSCE"),
    ("partner: European Council", PARTNERS, "Avropa Şurası", "European Council"),
    (
        "which council is meant",
        "/international/european-council/",
        "Council of Europe",
        "Council of Europe",
    ),
    ("partner: migration", PARTNERS, "Miqrasiya", "Migration"),
    ("partner: Red Cross", PARTNERS, "Qızıl Xaç", "Red Cross"),
    ("partner: Black Sea", PARTNERS, "Qara Dəniz", "Black Sea"),
    (
        "partner: economic cooperation",
        PARTNERS,
        "İqtisadi Əməkdaşlıq Təşkilatı",
        "Organization for Economic Cooperation",
    ),
    ("partner: GUAM", PARTNERS, "GUAM", "GUAM"),
    ("partner: Southeastern Europe", PARTNERS, "Cənub-Şərqi Avropa", "Southeastern Europe"),
    ("and other organisations", MINISTRY, "başqa beynəlxalq", "further international"),
]

# The 31 bodies; tests/content/test_fixtures.py keeps their order.
ON_STRUCTURE = [
    (f"structure: {en}", "/structure/", az, en)
    for az, en in [
        ("Katiblik", "Secretariat"),
        ("Qərargah İdarəsi", "Steering Department"),
        ("Sıra Bölmələrinə Nəzarət İdarəsi", "Orderly Divisions Control Department"),
        ("İstintaq İdarəsi", "Investigation Department"),
        ("Təhqiqat İdarəsi", "Inquiry Department"),
        ("Mütəşəkkil Cinayətkarlıqla Mübarizə", "Combat with Organized Crime"),
        ("Narkotiklərlə Mübarizə", "Struggle Against Drugs"),
        ("Daxili Təhlükəsizlik İdarəsi", "Department for Internal Security"),
        ("Cinayət Axtarış İdarəsi", "Department for Criminality Investigations"),
        ("Statistika və Əməliyyat Məlumatları", "Statistic and Operative Information"),
        ("İctimai Təhlükəsizlik İdarəsi", "Department for Social Security"),
        ("Daxili Qoşunlar İdarəsi", "Department for Internal Troops"),
        ("Nəqliyyat Polisi İdarəsi", "Transport Police Department"),
        ("Yol Polisi İdarəsi", "Department for Road Police"),
        ("Yanğın Təhlükəsizliyi İdarəsi", "Department for Fire Security"),
        ("Mühafizə İdarəsi", "Department for Defense"),
        ("Qeydiyyat və Pasport İdarəsi", "Department for Registration and Passport"),
        ("İnterpolun Milli Mərkəzi Bürosu", "National Central Bureau of Interpol"),
        ("İnsan Resursları Baş İdarəsi", "Head Department for Human Resources"),
        ("Daxili Araşdırmalar İdarəsi", "Department for Internal Investigation"),
        ("Şəxsi Heyətlə İş İdarəsi", "Department for Work with the Personnel"),
        ("Beynəlxalq Əməkdaşlıq İdarəsi", "Department for International Cooperation"),
        ("Rabitə İdarəsi", "Department for Communication"),
        ("Mətbuat Xidməti", "Press Service"),
        ("Maliyyə Planlaşdırması İdarəsi", "Department for Financial Planning"),
        ("Təminat İdarəsi", "Provision Department"),
        ("Tibb İdarəsi", "Medical Department"),
        ("Komendant Xidməti", "Commandant Services"),
        ("Əsaslı Tikinti İdarəsi", "Department for Fundamental Construction"),
        ("İdman Cəmiyyəti", "Sports Society"),
        ("Səfərbərlik və Mülki Müdafiə", "Mobilization and Civil Defense"),
    ]
]

SEE_ALSO = [
    (
        "see also: law enforcement",
        MINISTRY,
        "Azərbaycanda hüquq mühafizəsi",
        "Law enforcement in Azerbaijan",
    ),
    ("see also: OPON", MINISTRY, "OPON", "OPON"),
    (
        "see also: Internal Troops",
        MINISTRY,
        "Azərbaycanın Daxili Qoşunları",
        "Internal Troops of Azerbaijan",
    ),
    ("see also: Cabinet", MINISTRY, "Azərbaycanın Nazirlər Kabineti", "Cabinet of Azerbaijan"),
]

SEED_FACTS = [
    *INFOBOX, *WHAT_IT_IS, *HISTORY, *ON_POLICE, *ON_TROOPS, *ON_EDUCATION, *ON_PARTNERS,
    *ON_STRUCTURE, *SEE_ALSO,
]  # fmt: skip


if __name__ == "__main__":
    for fact, path, az, en in SEED_FACTS:
        print(f"| {fact} | {path} | {az} | {en} |")
