/**
 * Misspelt names, and names in other letters, find the people who are meant.
 */
import { expect, it } from "vitest";
import { AllCases } from "../../../worker/reads/all-cases.ts";
import type { PageQuery } from "../../../worker/reads/list.ts";
import { summaryOf } from "../../../worker/reads/summary.ts";
import { inventedCase, inventedRevision } from "../../support/invented.ts";
import { profile } from "../../support/profile.ts";

/**
 * Invented people of twelve cultures, each with the ways somebody looks for
 * them. Their surnames mean "example", "nobody" or "made up".
 */
const sought: [name: string, ...queries: string[]][] = [
  // Ukrainian
  ["Оксана Вигаденко", "Oksana Vyhadenko"],
  ["Ярослав Ніхтоненко", "Jaroslaw Nichtonenko", "Ярослав Нихтоненко"],
  ["Solomiia Zrazkovych", "Соломія Зразкевич", "Solomiya Zrazkovitch"],
  ["Hryhorii Prykladchuk", "Grigory Prikladchuk", "Григорій Прикладчюк"],
  ["Євген Небувальський", "Yevhen Nebuvalskyi"],
  // Russian
  ["Алексей Примеров", "Aleksei Primerow", "Алексей Премеров"],
  ["Yekaterina Vymyslova", "Ekaterina Vimislova"],
  ["Фёдор Нигдеев", "Fyodor Nigdeyev", "Фёдр Нигдеев"],
  ["Ilya Pridumkin", "Илья Придумкин", "Ilja Pridumkyn"],
  // Crimean Tatar
  ["Şevket Uydurmayev", "Shevket Uidurmaev", "Шефкет Уйдурмаев"],
  ["Edem Misalov", "Эдем Мисалов", "Edim Missalov"],
  ["Lenur Yoqşahsov", "Lenur Yokshakhsov"],
  ["Dilaver Nümüneli", "Dilyaver Numuneli"],
  // Turkish
  ["Gülçiçek Uydurmaoğlu", "Gulcicek Uydurmaoglu", "Gülcicek Uydurmaolu"],
  ["Oğuzhan Örnekçi", "Oguzhan Ornekci"],
  ["Yıldız Kurgusal", "Yildiz Kurgusall"],
  ["Cemşit Hayalperver", "Cemsid Hayalperver", "Jemshit Hayalparver"],
  ["Ünal Hiçkimse", "Unal Hickimse"],
  // Arabic
  ["محمد المثالي", "Mohammed al-Mithali", "محمد المثالى"],
  ["خديجة الخيالية", "Khadija al-Khayaliya", "خديجه الخياليه"],
  ["عبد الرحمن الوهمي", "Abdul Rahman al-Wahmi", "Abderrahmane Ouahmi"],
  ["Yousef al-Fardi", "يوسف الفرضي", "Yusuf Alfardi"],
  ["Zaynab Laahad", "Zeinab Lahad"],
  // Persian
  ["شیرین نمونه‌پور", "Shirin Nemounehpour", "شیرین نمونه پور"],
  ["Farhad Sakhtegi", "فرهاد ساختگی", "Ferhad Sakhtagi"],
  ["مهتاب خیال‌زاده", "Mahtab Khialzadeh"],
  ["Behrouz Hichkas", "Behruz Hitchkas"],
  // Georgian
  ["გიორგი გამოგონაშვილი", "Giorgi Gamogonashvili", "გიორგი გამოგონაშვილ"],
  ["Tamar Nimushadze", "თამარ ნიმუშაძე", "Tamari Nimushadse"],
  ["ნინო არავინაია", "Nino Aravinaia"],
  ["Levan Magalitidze", "Lewan Magalitidze"],
  // Armenian
  ["Անահիտ Հորինյան", "Anahit Horinyan", "Անահիտ Հորինեան"],
  ["Hovhannes Orinakyan", "Հովհաննես Օրինակյան", "Hovanes Orinakian"],
  ["Վարդան Ոչոքյան", "Vartan Vochokyan"],
  ["Siranush Yerevakayan", "Siranoush Yerevakayan"],
  // Greek
  ["Ελένη Παραδειγματίδου", "Eleni Paradeigmatidou", "Ελένη Παραδιγματίδου"],
  ["Dimitris Kanenopoulos", "Δημήτρης Κανενόπουλος", "Dimitrios Kanenopulos"],
  ["Γιώργος Επινοητάκης", "Yiorgos Epinoitakis"],
  ["Katerina Anyparktou", "Katarina Aniparktou"],
  // Hebrew
  ["נועה בדיונית", "נועה בידיונית"],
  ["Eitan Dimyoni", "Eytan Dimioni", "איתן דמיוני"],
  ["Tamar Plonit", "Tammar Plonith"],
  ["יוסף לדוגמה", "יוסף לדוגמא"],
  // Polish
  ["Zbigniew Wymyślski", "Zbignew Wymislski", "Збигнев Вымысльский"],
  ["Agnieszka Przykładowska", "Agneszka Przykladowska", "Агнешка Пшикладовска"],
  ["Łukasz Nikogowicz", "Lukasz Nikogowitz"],
  ["Małgorzata Zmyślona", "Malgozata Zmyslona"],
  ["Grzegorz Nieistniejący", "Grzegosz Nieistniejacy"],
  // Spanish
  ["Guadalupe Inventada", "Guadaluppe Inbentada"],
  ["José Ejemplar Nadie", "Jose Ejemplar Nadi", "Хосе Эхемплар"],
  ["Ximena Ficticia", "Jimena Ficticia"],
  ["Joaquín Supuesto", "Juaquin Supuesto"],
  ["Concepción Imaginaria", "Consepcion Imaginaria", "Concepsion Ymaginaria"],
];
/** People of the same cultures for whom nobody looks. */
const others = [
  ...[
    "Ксения Небылицына",
    "Зера Къайдалиева",
    "Golnaz Mesaliyan",
    "Ketevan Tsarmosakhvadze",
  ],
  ...["Gevorg Chkayan", "Stavros Fantastikos", "Shlomo Mumtza"],
];

const everybody = [...sought.map(([name]) => name), ...others];
/** The share of the queries that must find their person first. */
const LEAST_SHARE = 0.9;

function caseOf(number: number, ...names: string[]) {
  const fields = inventedCase(number);
  const [person] = fields.people;
  person!.names = names.map((value) => ({ ...person!.names[0]!, value }));
  return {
    ...summaryOf(fields),
    number: `UA ${number}/00`,
    revision: inventedRevision(),
  };
}

const search = (all: AllCases, query: Partial<PageQuery>, now = 0) =>
  all.page(
    { q: undefined, action: undefined, cursor: undefined, limit: 50, ...query },
    now,
  ).selection;

it("eighty searches for sixty people of twelve cultures find nobody else first, and nine of ten the right one", () => {
  const queries = sought.flatMap(([name, ...queries]) =>
    queries.map((q) => ({ q, name })),
  );
  expect([everybody.length, queries.length]).toEqual([60, 80]);
  const cases = everybody.map((name, index) => caseOf(index + 1, name));
  const all = new AllCases(cases, [], profile);
  const first = queries.map(({ q, name }, second) => {
    const { page, near } = search(all, { q }, second * 1_000);
    const names =
      page.length > 0
        ? page.map(({ spellings }) => spellings[0])
        : near.map((one) => one.name);
    if (names.length > 0) expect([q, names[0]]).toEqual([q, name]);
    return names.length > 0;
  });
  expect(
    first.filter((isFound) => isFound).length / queries.length,
  ).toBeGreaterThanOrEqual(LEAST_SHARE);
});

it("a search that finds nothing offers names that pass its filters, in their spelling, for as long as few look", () => {
  const all = new AllCases(
    [caseOf(1, "Demo Nowhereman", "Демо Новерман"), caseOf(2, "Demo Nowerman")],
    [],
    profile,
  );
  const namesFor = (query: Partial<PageQuery>, now = 0) =>
    search(all, query, now).near.map(({ name }) => name);
  expect(namesFor({ q: "Demo Nowherman" })).toEqual([
    "Demo Nowhereman",
    "Demo Nowerman",
  ]);
  expect(namesFor({ q: "Дима Новермен" })).toEqual([
    "Демо Новерман",
    "Demo Nowerman",
  ]);
  for (const q of [
    "Demo Nowhereman",
    "Nobody Atall",
    "UA 9/00",
    "999",
    "d",
    "",
    "a b c d e f g h i",
  ])
    expect([q, namesFor({ q })]).toEqual([q, []]);
  expect(namesFor({ q: "Demo Nowherman", custody: "released" })).toEqual([]);
  const looks = Array.from(
    { length: 30 },
    () => namesFor({ q: "Demo Nowherman" }, 60_000).length > 0,
  );
  expect([looks[0], looks.at(-1)]).toEqual([true, false]);
  expect(namesFor({ q: "Demo Nowherman" }, 61_000)).toHaveLength(2);
});
