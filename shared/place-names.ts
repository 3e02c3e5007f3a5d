/** Names of places in our languages, for search and for the bot's /follow. */
import { fold } from "./case/names.ts";
import { kept, regionName } from "./intl.ts";
import { type LocaleTag, localeTags } from "./locale.ts";

/**
 * Common names that `Intl` lacks, by ISO 3166 code: of subdivisions, as ISO
 * 3166-2 and their own languages and neighbours write them, and of countries
 * that go by several names. No maintained package has subdivisions in other
 * languages than English.
 */
const commonNames: Record<string, string> = {
  "CN-XJ":
    "Xinjiang, East Turkestan, Uyghur Region, Сіньцзян, Синьцзян, Doğu Türkistan, Şarki Türkistan, شينجيانغ, تركستان الشرقية",
  "CN-XZ": "Tibet, Тибет, Tíbet, التبت",
  "RU-CE":
    "Chechnya, Chechen Republic, Чечня, Чеченская Республика, Çeçenistan, Çeçenya, Chechenia, Tchétchénie, الشيشان",
  "UA-09": "Luhansk, Lugansk, Луганськ, Луганск, لوهانسك, لوغانسك",
  "UA-14": "Donetsk, Донецьк, Донецк, دونيتسك",
  "UA-40":
    "Sevastopol, Севастополь, Aqyar, Akyar, Sivastopol, Sébastopol, سيفاستوبول",
  "UA-12":
    "Dnipropetrovsk, Dnipro, Дніпропетровська, Дніпро, Днепропетровская, Днепр",
  "UA-23":
    "Zaporizhzhia, Zaporozhye, Запорізька, Запоріжжя, Запорожская, Запорожье, Zaporijjia, زابوريجيا",
  "UA-30": "Kyiv, Kiev, Київ, Киев, كييف",
  "UA-46": "Lviv, Lvov, Львівська, Львів, Львовская, Львов",
  "UA-48": "Mykolaiv, Nikolaev, Миколаївська, Миколаїв, Николаевская, Николаев",
  "UA-51": "Odesa, Odessa, Одеська, Одеса, Одесская, Одесса, أوديسا",
  "UA-59": "Sumy, Сумська, Суми, Сумская, Сумы",
  "UA-63": "Kharkiv, Kharkov, Харківська, Харків, Харьковская, Харьков, خاركيف",
  "UA-65": "Kherson, Херсонська, Херсон, Херсонская, خيرسون",
  "UA-74":
    "Chernihiv, Chernigov, Чернігівська, Чернігів, Черниговская, Чернигов",
  "UA-43":
    "Crimea, Autonomous Republic of Crimea, Republic of Crimea, Автономна Республіка Крим, Республика Крым, Krym, Крим, Крым, Qırım, Къырым, Kırım, Kirim, Қырым, Qrım, Crimée, Crimeia, Criméia, Crimeea, Krim, Krimea, Krimi, Krimm, Krima, Krymas, Κριμαία, ყირიმი, Ղրիմ, קרים, القرم, شبه جزيرة القرم, کریمه, クリミア, 克里米亚, 克里米亞, 크림",
  BY: "Belarus, Byelorussia, Беларусь, Білорусь, Белоруссия",
  CD: "DRC, DR Congo, Democratic Republic of the Congo",
  CI: "Ivory Coast",
  CZ: "Czech Republic",
  GB: "UK, Great Britain, Britain, England, Великобритания, Велика Британія",
  KP: "North Korea",
  KR: "South Korea",
  MM: "Burma, Myanmar",
  PS: "Palestine, Палестина, Filistin, فلسطين",
  RU: "Russia, Russian Federation, Россия, Росія, Российская Федерация, РФ",
  SZ: "Swaziland, Eswatini",
  TR: "Turkey, Türkiye, Туреччина, Турция",
  US: "USA, US, United States of America, America, США",
  VN: "Viet Nam, Vietnam",
};

/**
 * Names to display of places that cases belong to, by ISO 3166 code. Other
 * subdivisions are shown as their country and code.
 */
const shownNames: Record<string, Partial<Record<LocaleTag, string>>> = {
  "UA-40": {
    en: "Sevastopol",
    uk: "Севастополь",
    crh: "Aqyar",
    ru: "Севастополь",
    tr: "Sivastopol",
    ar: "سيفاستوبول",
    es: "Sebastopol",
    fr: "Sébastopol",
  },
  "UA-43": {
    en: "Crimea",
    uk: "Крим",
    crh: "Qırım",
    ru: "Крым",
    tr: "Kırım",
    ar: "القرم",
    es: "Crimea",
    fr: "Crimée",
  },
};

/** "Crimea", of a subdivision that has a name here. */
export const knownPlaceName = (
  locale: LocaleTag,
  code: string,
): string | undefined => shownNames[code]?.[locale];

/** "Crimea", else the country of the code. */
export const placeName = (locale: LocaleTag, code: string): string =>
  knownPlaceName(locale, code) ??
  regionName(locale, code.slice(0, 2)) ??
  code.slice(0, 2);

/**
 * Further languages in which people name a country: those of the countries and
 * communities of the cases, and those that most people of the world read.
 */
const otherLanguages =
  "az be bg bn cs da de el et fa fi ga he hi hr hu hy id it ja ka kk ko ku ky lt lv mn ms nb nl pl ps pt ro sk sl sq sr sv sw tg th tk tt ug ur uz vi zh zh-Hant".split(
    " ",
  );

const named = new Map<string, string[]>();

/**
 * `placeNames`, and a country's name in many more languages. Slow the first
 * time: for a single look-up, not for an index.
 */
export function everyPlaceName(code: string): string[] {
  const known = named.get(code);
  if (known) return known;
  const others =
    code.length === 2
      ? otherLanguages
          .flatMap(
            (tag) =>
              kept(Intl.DisplayNames, tag, {
                type: "region",
                fallback: "none",
              }).of(code) ?? [],
          )
          // "Rus" may be the beginning of a person's name.
          .filter((name) => !/^[a-z]{1,3}$/.test(fold(name)))
      : [];
  const names = [...new Set([...placeNames(code), ...others])].flatMap(
    (name) =>
      // An Arabic name is also written without its article.
      name.startsWith("ال") ? [name, name.slice(2)] : [name],
  );
  named.set(code, names);
  return names;
}

/**
 * Every name that we know of a place, by its ISO 3166 code: of a country in
 * each of our languages, and common names.
 */
export const placeNames = (code: string): string[] => [
  ...(commonNames[code]?.split(", ") ?? []),
  ...(code.length === 2
    ? localeTags.flatMap((tag) => regionName(tag, code) ?? [])
    : []),
];

let codes: string[] | undefined;

/** The codes of all places that we know a name of. */
export const namedPlaces = (): string[] => {
  codes ??= [
    ...Object.keys(commonNames),
    ...[..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"].flatMap((first) =>
      [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"].flatMap((second) =>
        regionName("en", first + second) ? first + second : [],
      ),
    ),
  ];
  return [...new Set(codes)];
};
