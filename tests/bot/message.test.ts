/**
 * Messages and shared cards as sent to Telegram: whole sentences within its
 * limits, entities inside the text, no accidental mentions or commands, and
 * buttons whose data a client may forge.
 */
import { describe, expect, it } from "vitest";
import { buttonData, buttonPattern } from "../../bot/button-data.ts";
import {
  cardChosen,
  cardLanguages,
  cardMessage,
  cardResult,
  retiredCard,
  shareAllowedMessage,
  shareWarning,
} from "../../bot/card.ts";
import {
  caseMessage,
  casesToChoose,
  linesMessage,
  listMessage,
} from "../../bot/message.ts";
import {
  type SafetyText,
  safetyBeforeAct,
  safetyBeforeFollow,
  safetyText,
} from "../../bot/safety.ts";
import { shorten, withLabel } from "../../bot/text.ts";
import { updateMessage } from "../../bot/update-message.ts";
import { withPlainDates } from "../../shared/intl.ts";
import { type LocaleTag, localeTags } from "../../shared/locale.ts";
import en from "../../shared/locales/en.json" with { type: "json" };
import { type MessageKey, message } from "../../shared/messages.ts";
import { MAX_SAFETY_LENGTH } from "../../shared/profile/schema.ts";
import type { Revision } from "../../shared/revision.ts";
import {
  viewCase,
  viewUnknown,
  viewWithdrawn,
} from "../../shared/view/view.ts";
import { ua12619 } from "../shared/cases.ts";
import {
  inventedCase,
  inventedPerson,
  inventedRevision,
  stated,
} from "../support/invented.ts";
import { profile } from "../support/profile.ts";
import { bytes, expectSound, links, NOW, sentence } from "./messages.ts";

const revision = (note: string, changes: Revision["changes"] = []) =>
  inventedRevision({ note: { en: note }, changes });

/** About the longest case that the schema accepts. */
const huge = inventedCase(1, {
  title: { en: sentence.repeat(70), uk: `Вигадане речення. `.repeat(200) },
  summary: { en: sentence.repeat(70) },
  people: Array.from({ length: 60 }, (_, index) =>
    inventedPerson(`Invented Person ${index}`, {
      charges: stated({ en: `Charge ${index}. ${sentence.repeat(4)}` }),
    }),
  ),
});

const BOT = "casewire_test_bot";

const cardRevision = inventedRevision({ number: 123_456_789 });

/** The longest id with the longest texts. */
const hugeCard = inventedCase(1, {
  id: "extra-9999-99",
  number: { series: "EXTRA", number: 9999, year: 2099 },
  title: {
    en: `@everybody /start ${sentence.repeat(70)}`,
    uk: "Вигадане речення. ".repeat(200),
  },
  summary: { en: sentence.repeat(70) },
});

describe.each(localeTags)("In %s,", (locale: LocaleTag) => {
  const uaView = viewCase(
    ua12619,
    revision("First version"),
    locale,
    NOW,
    profile,
  );
  const hugeView = viewCase(
    huge,
    revision(sentence.repeat(70)),
    locale,
    NOW,
    profile,
  );

  /**
   * Revisions that an outage delayed, each with a note and changes of maximum
   * length.
   */
  const added = Array.from({ length: 60 }, (_, index) => ({
    what: "person-added" as const,
    person: `${"Invented ".repeat(15)}${index}`,
  }));
  const waiting = Array.from({ length: 16 }, (_, index) => ({
    ...viewCase(
      huge,
      revision(`Note ${index} of many. ${sentence.repeat(70)}`, added),
      locale,
      NOW,
      profile,
    ).revision,
    label: `Invented update ${index}`,
  }));

  it("several updates that waited come in one message with all their notes", () => {
    const newest = viewCase(
      huge,
      revision("The newest.", added),
      locale,
      NOW,
      profile,
    );
    for (const earlier of [[], waiting]) {
      const message = updateMessage(newest, earlier, links);
      expectSound(message);
      for (const [index, { label }] of earlier.entries())
        expect(message.text).toMatch(
          new RegExp(`${label}\\n\\W*Note ${index} of many\\.`),
        );
      expect(message.text).toContain("The newest.");
    }
  });

  it("the message about UA 126/19 fits with all its people", () => {
    const card = caseMessage(uaView, false, links);
    expectSound(card);
    for (const { name } of uaView.people.list)
      expect(card.text).toContain(name.text);
    expect(card.text).toContain("UA 126/19");
    expect(card.text).not.toContain("{");
  });

  it("a message names twelve people and counts the others", () => {
    const { people, ...rest } = huge;
    const named = people.map(({ charges: _, ...person }) => person);
    const crowd = viewCase(
      { ...rest, people: named, summary: { en: "Short." } },
      revision("Note"),
      "en",
      NOW,
      profile,
    );
    const { text } = caseMessage(crowd, false, links);
    expect(text.match(/^Invented Person \d+$/gm)).toHaveLength(12);
    expect(text).toContain("48 more");
  });

  it("the longest message is cut at a sentence's end and keeps date, revision and link", () => {
    for (const message of [
      caseMessage(hugeView, true, links),
      updateMessage(hugeView, waiting, links),
    ]) {
      expectSound(message);
      expect(message.text).toContain(withPlainDates(hugeView.asOf.text));
      expect(message.text).toContain(
        withPlainDates(hugeView.revision.published),
      );
      expect(
        message.entities.some((entity) => entity.type === "text_link"),
      ).toBe(true);
      expect(message.text.length).toBeGreaterThan(3_500);
      expect(message.text).not.toMatch(/\binvent…/);
    }
  });

  it("refusals and warnings are complete", () => {
    expectSound(
      caseMessage(viewUnknown("ua-9-99", locale, profile), false, links),
    );
    const withdrawn = viewWithdrawn("ua-9-99", revision(""), locale, profile);
    expectSound(caseMessage(withdrawn, true, links));
    for (const { text } of [
      caseMessage(withdrawn, true, links),
      updateMessage(withdrawn, [], links),
    ])
      expect(text).toMatch(/^.*UA 9\/99.*\n/);
    // A channel's message has no button that would change it for all readers.
    const telling = {
      scopes: [],
      neutral: false,
      shares: false,
      channelOf: "casewire_test_bot",
    };
    const inChannel = updateMessage(
      withdrawn,
      [],
      links,
      telling,
    ).keyboard.inline_keyboard.flat();
    expect(inChannel.map((button) => "url" in button && button.url)).toEqual([
      `https://casewire.test/cases/ua-9-99?lang=${locale}`,
    ]);
    const inGroup = safetyBeforeFollow(
      "ua-126-19",
      locale,
      true,
      profile.bot?.safety ?? [],
      profile,
    );
    const alone = safetyBeforeFollow(
      "ua-126-19",
      locale,
      false,
      profile.bot?.safety ?? [],
      profile,
    );
    expectSound(inGroup);
    expect(inGroup.text).not.toBe(alone.text);
    expectSound(alone);
    expectSound(
      safetyBeforeAct("ua-126-19", locale, profile.bot?.safety ?? []),
    );
    expectSound(shareWarning(locale, undefined, profile.bot?.safety ?? []));
    expectSound(shareAllowedMessage(locale, BOT, undefined, profile));
  });

  describe.each([
    "bot.safety",
    "bot.safety.group",
    "bot.privacy",
    "bot.share",
    "bot.channel.safety",
  ] as const)("%s", (key) => {
    const paragraphs = (safety: SafetyText[]) =>
      safetyText(locale, key, safety).split("\n\n");
    const law = (countries: string[], words: string) => ({
      countries,
      text: { [locale]: words },
    });

    it("has the law of each country as a paragraph of its own, in order, and no gap without any", () => {
      const words = paragraphs([
        law(["QM"], "The first law."),
        law(["QN", "QO"], "The second law."),
      ]);
      const at = words.findIndex((paragraph) =>
        paragraph.includes("The first law."),
      );
      expect(at).toBeGreaterThan(0);
      expect(words[at + 1]).toContain("The second law.");
      expect(words.toSpliced(at, 2)).toEqual(paragraphs([]));
      const text = safetyText(locale, key, []);
      expect(text).not.toMatch(/\n{3}|[{}]|Amnest|Amnist|\d{4}/);
      expect(text.trim()).toBe(text);
      expect(
        paragraphs([]).every((paragraph) => paragraph.trim() === paragraph),
      ).toBe(true);
    });

    it("fits into one message with the longest law", () => {
      const [last = ""] = paragraphs([]).slice(-1);
      const text = safetyText(locale, key, [
        law(["QM"], "a".repeat(MAX_SAFETY_LENGTH)),
      ]);
      expect(linesMessage(locale, text).text).toContain(last.slice(-20));
    });
  });

  it("what /forget leaves while an older backup is kept stands in sight, not only in what is folded", () => {
    const words = (text: string) =>
      new Set(text.toLowerCase().match(/\p{L}{4,}/gu));
    const inSight = words(
      message(locale, "bot.privacy.short").split("\n")[3] ?? "",
    );
    const told = words(message(locale, "bot.privacy.forgotten"));
    expect(
      [...inSight].filter((word) => told.has(word)).length,
    ).toBeGreaterThan(2);
  });

  it("a law that lacks the language is told in English, else in the language that it has", () => {
    const told = (text: Record<string, string>) =>
      safetyText(locale, "bot.safety", [{ countries: ["QM"], text }]);
    expect(told({ qaa: "Other", en: "English" })).toContain("English");
    expect(told({ qaa: "Other" })).toContain("Other");
  });

  it("examples name no case but the given one", () => {
    for (const key of Object.keys(en).filter((name) =>
      name.startsWith("bot."),
    )) {
      const text = message(locale, key as MessageKey);
      expect(text, key).not.toMatch(
        /\d+\/\d\d|\bUA\b|\bRU\b|Amnest|Amnist|Urgent/,
      );
    }
  });

  const views = [ua12619, hugeCard].map((fields) =>
    viewCase(fields, cardRevision, locale, NOW, profile),
  );

  it.each(views)(
    "an inline result stays within Telegram's limits: $number",
    (view) => {
      const result = cardResult(view, links, BOT);
      expect(bytes(result.id)).toBeLessThanOrEqual(64);
      expect(cardChosen(result.id)).toEqual({
        caseId: view.id,
        locale,
        shown: cardRevision.number,
      });
      expect(result.title.length).toBeLessThanOrEqual(140);
      expect(result.description).toContain(withPlainDates(view.asOf.text));
      const { text, entities, keyboard } = cardMessage(view, links, BOT);
      expect(result.input_message_content).toMatchObject({
        message_text: text,
        entities,
      });
      expect(result.reply_markup).toEqual(keyboard);
      expectSound({ text, entities, keyboard });
      expect(text).not.toContain("{");
      expect(text).toContain(withPlainDates(view.revision.published));
      expect(text.replace("contact@casewire.invalid", "")).not.toMatch(
        /@\w|(^|\s)\/\w/,
      );
    },
  );

  it.each(views)(
    "the last words of a card cannot become untrue: $number",
    (view) => {
      const card = retiredCard(view, links, BOT);
      expectSound(card);
      for (const stays of [
        view.number,
        view.revision.label,
        view.revision.published,
      ])
        expect(card.text).toContain(withPlainDates(stays));
      for (const goes of [
        view.action.label,
        view.asOf.text,
        view.people.list[0]!.lines[0]?.text ?? view.action.label,
      ])
        expect(card.text).not.toContain(withPlainDates(goes));
      // None of its buttons needs a stored card.
      const urls = cardMessage(view, links, BOT)
        .keyboard.inline_keyboard.flat()
        .filter((button) => "url" in button);
      expect(card.keyboard.inline_keyboard.flat()).toEqual(urls);
    },
  );

  it("the card of a withdrawn case has nothing but a link to its page", () => {
    const card = cardMessage(
      viewWithdrawn("ua-9-99", cardRevision, locale, profile),
      links,
      BOT,
    );
    expectSound(card);
    expect(
      card.keyboard.inline_keyboard.flat().every((button) => "url" in button),
    ).toBe(true);
  });
});

it("A shortened text keeps whole sentences, or whole words when there is no sentence", () => {
  expect(shorten("One. Two. Three.", 100, "en")).toBe("One. Two. Three.");
  expect(shorten("One two. Three four. Five six.", 24, "en")).toBe(
    "One two. Three four. …",
  );
  expect(shorten("one two three four five", 12, "en")).toBe("one two…");
  expect(shorten("😀".repeat(9), 9, "en")).toBe("😀😀😀…");
});

it("The bot reads back the data of its own results and buttons, and refuses any other", () => {
  expect(
    buttonPattern.follow.exec(buttonData.follow("extra-9999-99"))?.[1],
  ).toBe("extra-9999-99");
  expect(
    buttonPattern.language
      .exec(buttonData.language("uk", "ua-126-19"))
      ?.slice(1),
  ).toEqual(["uk", "ua-126-19"]);
  expect(buttonPattern.language.exec(buttonData.language("uk"))?.[1]).toBe(
    "uk",
  );
  for (const data of [
    "f:ua-1-00 ",
    "f:UA-1-00",
    "f:../x",
    "F:",
    "f:ua-1-00\nx",
  ])
    expect(buttonPattern.follow.test(data)).toBe(false);
  const written = cardLanguages("ua-1-00", profile)
    .inline_keyboard.flat()
    .flatMap((button) =>
      "callback_data" in button ? [button.callback_data] : [],
    );
  expect(
    written.map((data) => buttonPattern.cardLanguage.exec(data)?.slice(1)),
  ).toEqual(profile.languages.map((tag) => [tag, "ua-1-00"]));
  for (const id of [
    "",
    "ua-1-00",
    "ua-1-00:xx:1",
    "ua-1-00:en:-1",
    "ua-1-00:en:1 ",
    "x:en:1",
    "ua-1-00:en:1e9",
  ])
    expect(cardChosen(id)).toBeNull();
  for (const data of [
    "c:en:ua-1-00 ",
    "c:EN:ua-1-00",
    "c:en:../x",
    "c:en:",
    "c::ua-1-00",
    "c:en:ua-1-00\nx",
  ])
    expect(buttonPattern.card.test(data)).toBe(false);
});

const unshowable = Array.from({ length: 12 }, (_, index) => ({
  id: `ua-${index + 1}-00`,
  number: `UA ${index + 1}/00`,
}));

it.each(localeTags)(
  "A list of cases names the cases that can't be shown, and offers no empty page: %s",
  (locale) => {
    const list = listMessage(
      "Cases",
      casesToChoose([], unshowable),
      locale,
      NOW,
    );
    expectSound(list);
    const unshown = withLabel(
      locale,
      message(locale, "view.unshowable.title"),
      "UA 1/00 · UA 2/00",
    );
    expect(list.text).toContain(unshown);
    expect(list.text).not.toContain(message(locale, "bot.cases.none"));
    expect(list.keyboard.inline_keyboard.flat()).toHaveLength(8);
    expect(listMessage("Cases", casesToChoose([]), locale, NOW).text).toContain(
      message(locale, "bot.cases.none"),
    );
  },
);
