// Fills the address of a new record from its name while the name is typed, until the address is
// edited by hand. The same result as publishing/text.py slugify(), which fills it when the field
// is left empty; tests/admin/test_browser.py compares the two.
(() => {
  "use strict";

  // What each letter becomes; anything else separates words. From anyascii: Latin, Greek,
  // Cyrillic, №.
  const LETTERS = {
  "'n": "ŉ",
  "(c)": "©",
  "(r)": "®",
  "1": "¹",
  "1/2": "½",
  "1/4": "¼",
  "1000": "҂",
  "100000": "҈",
  "1000000": "҉",
  "2": "²Ƨƨ",
  "3": "³",
  "3/4": "¾",
  "5": "Ƽƽ",
  "6": "Ƅƅ",
  "a": "ªÀÁÂÃÄÅàáâãäåĀāĂăĄąǍǎǞǟǠǡǺǻȀȁȂȃȦȧȺɅΆΑάαАаӐӑӒӓӘәӬӭԐԑԘԙḀḁẠạẢảẤấẦầẨẩẪẫẬậẮắẰằẲẳẴẵẶặ",
  "a'": "ẚ",
  "ae": "ÆæǢǣǼǽӔӕ",
  "b": "ƀƁƂƃɃϐБбḂḃḄḅḆḇ",
  "c": "¢ÇçĆćĈĉĊċČčƇƈǀȻȼϬϭЋћҸҹḈḉ",
  "ch": "ΧχЧчҼҽҾҿ",
  "d": "ÐðĎďĐđƉƊƋƌȡΔδДдԀԁḊḋḌḍḎḏḐḑḒḓẟ",
  "db": "ȸ",
  "dch": "Ԭԭ",
  "deg": "°",
  "dj": "ЂђԂԃ",
  "dz": "ƻǄǅǆǱǲǳЅѕӠӡԆԇ",
  "dzh": "ЏџӋӌӜӝԪԫ",
  "e": "ÈÉÊËèéêëĒēĔĕĖėĘęĚěƎƏƐǝȄȅȆȇȨȩɆɇəΈΕέεϵ϶ЀЁЕЭеэѐёѢѣѦѧӖӗӚӛḔḕḖḗḘḙḚḛḜḝẸẹẺẻẼẽẾếỀềỂểỄễỆệ",
  "f": "ƑƒΦφϤϥФфѲѳḞḟ",
  "g": "ĜĝĞğĠġĢģƓƔǤǥǦǧǴǵΓγЃГгѓҐґҜҝḠḡ",
  "gbp": "£",
  "gh": "ƢƣҒғҔҕӶӷ",
  "gi": "Ӂӂ",
  "h": "ĤĥĦħȞȟͰͱϨϩҲҳҺһӀӏӾӿḢḣḤḥḦḧḨḩḪḫẖ",
  "hw": "ƕǶ",
  "i": "ÌÍÎÏìíîïĨĩĪīĬĭĮįİıƖƗǏǐȈȉȊȋͺΉΊΐΗΙΪήίηιϊІЇЍИиіїѝӢӣӤӥḬḭḮḯỈỉỊị",
  "ie": "ЄєѤѥѨѩ",
  "ij": "Ĳĳ",
  "io": "Ѭѭ",
  "j": "ĴĵǰȷɈɉͿϪϫϳЈјҖҗҶҷӞӟ",
  "jh": "Ҋҋ",
  "k": "ĶķƘƙǨǩΚκϰЌКкќḰḱḲḳḴḵ",
  "kh": "Хх",
  "ks": "Ѯѯ",
  "l": "ĹĺĻļĽľĿŀŁłƚƛȴȽΛλЛлԒԓԠԡԮԯḶḷḸḹḺḻḼḽ",
  "lh": "Ӆӆ",
  "lj": "ǇǈǉЉљԈԉ",
  "lkh": "Ԕԕ",
  "ll": "Ỻỻ",
  "m": "ΜμМмḾḿṀṁṂṃ",
  "mh": "Ӎӎ",
  "n": "ÑñŃńŅņŇňƝƞǸǹȠȵΝνНнԢԣṄṅṆṇṈṉṊṋ",
  "no": "№",
  "ng": "ŊŋҢңҤҥӇӈ",
  "nh": "Ӊӊ",
  "nj": "ǊǋǌЊњԊԋ",
  "ny": "Ԩԩ",
  "o": "ºÒÓÔÕÖØòóôõöøŌōŎŏŐőƆƟƠơǑǒǪǫǬǭǾǿȌȍȎȏȪȫȬȭȮȯȰȱΌΏΟΩοωόώОоѠѡѪѫѺѻѼѽӦӧӨөṌṍṎṏṐṑṒṓỌọỎỏỐốỒồỔổỖỗỘộỚớỜờỞởỠỡỢợ",
  "oe": "Œœ",
  "ot": "Ѿѿ",
  "ou": "Ȣȣ",
  "p": "¶ƤƥΠπϖПпṔṕṖṗ",
  "ph": "ϕҦҧԤԥ",
  "ps": "ΨψѰѱ",
  "q": "ĸǃɊɋϘϙϞϟҀҁҚқҞҟҠҡӃӄԚԛԞԟ",
  "qc": "ǂ",
  "qp": "ȹ",
  "r": "ŔŕŖŗŘřƦȐȑȒȓɌɍΡρϱРрṘṙṚṛṜṝṞṟ",
  "r.": "ϼ",
  "rh": "Ҏҏ",
  "rkh": "Ԗԗ",
  "s": "§ŚśŜŝŞşŠšſȘșȿͲͳͻΣςσϠϡϲϹϺϻϽСсҪҫṠṡṢṣṤṥṦṧṨṩẛ",
  "s.": "ͼͽϾϿẜẝ",
  "sh": "ƩƪϢϣϷϸШш",
  "shch": "Щщ",
  "sj": "Ԍԍ",
  "ss": "ßẞ",
  "st": "Ϛϛ",
  "t": "ŢţŤťŦŧƫƬƭƮȚțȶȾΤτТтṪṫṬṭṮṯṰṱẗ",
  "th": "ÞþΘθϑϴҬҭ",
  "ti": "Ϯϯ",
  "tj": "Ԏԏ",
  "ts": "ƾЦцҴҵ",
  "tsh": "Ӵӵ",
  "u": "µÙÚÛÜùúûüŨũŪūŬŭŮůŰűŲųƯưƱǓǔǕǖǗǘǙǚǛǜȔȕȖȗɄЎУуўѸѹҮүҰұӮӯӰӱӲӳṲṳṴṵṶṷṸṹṺṻỤụỦủỨứỪừỬửỮữỰự",
  "v": "ƲΒβВвṼṽṾṿỼỽ",
  "w": "ŴŵƜƿǷͶͷϜϝҨҩԜԝẀẁẂẃẄẅẆẇẈẉẘ",
  "x": "ǁΞξϦϧӼӽẊẋẌẍ",
  "xh": "Ӻӻ",
  "y": "¥ÝýÿŶŷŸƳƴȜȝȲȳɎɏΎΥΫΰυϋύϒϓϔЙЫйыѴѵѶѷӪӫӸӹẎẏẙỲỳỴỵỶỷỸỹỾỿ",
  "ya": "Яя",
  "yu": "Юю",
  "z": "ŹźŻżŽžƍƵƶȤȥɀΖζЗзҘҙẐẑẒẓẔẕ",
  "zh": "ƷƺǮǯЖж",
  "zj": "Ԅԅ",
  };
  const MAP = new Map();
  for (const [ascii, letters] of Object.entries(LETTERS)) {
    for (const letter of letters) MAP.set(letter, ascii);
  }

  function slugify(text) {
    let ascii = "";
    for (const letter of text) ascii += MAP.get(letter) ?? letter;
    return ascii
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, "")
      .slice(0, 90)
      .replace(/^-+|-+$/g, "");
  }

  document.addEventListener("DOMContentLoaded", () => {
    const slug = document.getElementById("id_slug");
    if (!slug || slug.value || document.querySelector(".errornote")) return;
    const titles = ["name", "title"].flatMap((stem) =>
      // One input for each language of the site, in their order.
      [...document.querySelectorAll(`[id^="id_${stem}_"][lang]`)].filter(
        (input) => input.id === `id_${stem}_${input.lang}`
      )
    );
    let own = false;
    slug.addEventListener("input", () => {
      own = slug.value !== "";
    });
    for (const title of titles) {
      title.addEventListener("input", () => {
        if (own) return;
        const source = titles.find((one) => one.value.trim());
        slug.value = source ? slugify(source.value) : "";
      });
    }
  });
})();
