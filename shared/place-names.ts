/** Names of places in our languages, for search and for the bot's /follow. Nothing here is displayed. */
import { regionName } from "./intl.ts";
import { localeTags } from "./locale.ts";

/** Common names that `Intl` lacks, by ISO 3166 code: of subdivisions, and of countries that go by several names. */
const commonNames: Record<string, string> = {
  "CN-XJ":
    "Xinjiang, East Turkestan, Uyghur Region, Сіньцзян, Синьцзян, Doğu Türkistan, Şarki Türkistan, شينجيانغ, تركستان الشرقية",
  "CN-XZ": "Tibet, Тибет, Tíbet, التبت",
  "RU-CE":
    "Chechnya, Chechen Republic, Чечня, Чеченская Республика, Çeçenistan, Çeçenya, Chechenia, Tchétchénie, الشيشان",
  "UA-09": "Luhansk, Lugansk, Луганськ, Луганск, لوهانسك, لوغانسك",
  "UA-14": "Donetsk, Донецьк, Донецк, دونيتسك",
  "UA-40": "Sevastopol, Севастополь, Aqyar, Akyar, Sivastopol, Sébastopol, سيفاستوبول",
  "UA-43": "Crimea, Autonomous Republic of Crimea, Krym, Крим, Крым, Qırım, Kırım, Crimée, القرم",
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

/** Every name that we know of a place, by its ISO 3166 code: of a country in each of our languages, and common names. */
export const placeNames = (code: string): string[] => [
  ...(commonNames[code]?.split(", ") ?? []),
  ...(code.length === 2 ? localeTags.flatMap((tag) => regionName(tag, code) ?? []) : []),
];
