/** The forms of a name that a redaction must find, in every script and case that our languages write. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { joinedForms, nameFinder, nameMentionsIn, withMarks } from "../../../worker/editing/rules/name-forms.ts";
import { scaled } from "../../scaled.ts";

const found = (names: string[], text: string, others: string[] = []) => {
  const finder = nameFinder(names, others);
  return joinedForms(text, finder.formsIn(text)).map(({ from, to }) => text.slice(from, to));
};

describe("The finder of a name", () => {
  // Invented names, each with forms that grammar, transliteration or habit makes of it.
  it.each([
    ["Demo Alfaiev", "Демо Алфаєв Алфаєва Алфаєву Алфаєвим Алфаєві Алфаевым Alfayev Alfayev’s Alfaev Alfayev'in"],
    ["Ольга Вигаданко", "Ольги Ользі Ольгою Вигаданка Вигаданкові Olha"],
    ["Павло Демченко", "Павла Павлові Демченка"],
    ["Данило Кравець", "Кравця Кравцеві Кравцем"],
    ["Олена Вигадська", "Вигадської Вигадській Вигадську Олени Олену"],
    // Vowels that change, go or move.
    ["Гребінь Швець", "Гребеня Гребеневі Гребенем Шевця Шевцю Шевцем"],
    ["Яків Сокіл", "Якова Яковом Якові Сокола Соколові Соколом"],
    ["Федір Лебідь", "Федора Федору Федором Лебедя Лебедем Лебедеві"],
    ["Анна Заєць", "Анни Анні Анну Анною Зайця Зайцеві Зайцем"],
    ["Лев Заяц", "Льва Льву Львом Левові Зайца Зайцу Зайцем"],
    ["Олег Кіт", "Олега Олегові Кота Котом"],
    // Suffixes without an apostrophe.
    ["Ayşe Kaya", "Ayşeden Ayşenen Ayşeye Kayadan Kayanın Kayayla Kayağa"],
    ["Emine Server", "Emineden Eminenen Serverden Servernen Serverniñ"],
    ["Mustafa Ali", "Mustafadan Mustafanen Mustafayla Mustafanun Aliden Alinen Alinin"],
    ["Şevket Uydurma", "Şevket'in Uydurma'nın Shevket Шевкет Шевкета"],
    ["أحمد الوهمي", "أحمد وأحمد لأحمد الوهمي والوهمي Ahmad Ahmed"],
    ["Sean O'Demo", "O’Demo O'Demo's Sean’s"],
    ["デモ太郎", "デモ太郎"],
  ])("knows the forms of %s", (name, forms) => {
    for (const form of forms.split(" ")) expect(found([name], `x ${form} y`), form).toEqual([form]);
  });

  it("finds initials, alone and beside the surname", () => {
    const name = ["Demo Alfaiev"];
    const forms = ["D. Alfaiev", "Alfaiev D.", "D.A."];
    expect(found(name, `The court heard ${forms.join(", ")} again, and U.N. and E.U. observers`)).toEqual(forms);
  });

  it("finds the name in ids, addresses and joined words", () => {
    const finder = nameFinder(["Demo Alfaiev"]);
    for (const [text, pointer] of [
      ["demo-alfaiev", "/id"],
      ["https://example.org/free-alfaiev", "/href"],
      ["https://example.org/%D0%90%D0%BB%D1%84%D0%B0%D1%94%D0%B2", "/href"],
      ["#FreeDemoAlfaiev", "/text"],
    ] as const)
      expect(nameMentionsIn({ [pointer.slice(1)]: text }, finder)).toMatchObject([{ pointer }]);
  });

  it("leaves alone what only begins alike in lower case, and words that a person who stays has too", () => {
    expect(found(["Will Demo"], "They will demonstrate.")).toEqual([]);
    const brothers = [["Alim Demochenko"], ["Bekir Demochenko"]] as const;
    expect(found([...brothers[0]], "Bekir Demochenko spoke; B. Demochenko too", [...brothers[1]])).toEqual([]);
    expect(found([...brothers[0]], "Alim Demochenko and A. Demochenko", [...brothers[1]])).toEqual([
      "Alim",
      "A. Demochenko",
    ]);
  });

  it("leaves no form in a text in which it set marks", () => {
    const others = ["was", "not", "heard", ",", "в"];
    const word = fc.constantFrom("Demo", "Alfaiev", "D.", "Алфаєвим", "Алфаєву", "D.A.", "\n", ...others);
    const finder = nameFinder(["Demo Alfaiev"]);
    fc.assert(
      fc.property(fc.array(word, { maxLength: 30 }), (words) => {
        const text = words.join(" ");
        const marked = withMarks(text, finder.formsIn(text));
        expect(finder.formsIn(marked)).toEqual([]);
        const rest = (one: string) => one.split(/\s+/).filter((part) => others.includes(part));
        expect(rest(marked)).toEqual(rest(text));
      }),
      { numRuns: scaled(100) },
    );
  });
});
