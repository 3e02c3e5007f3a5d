/** Shared cards as sent to Telegram: inline results within its limits, and buttons whose data a client may forge. */
import { describe, expect, it } from "vitest";
import { buttonPattern } from "../../bot/button-data.ts";
import {
  cardChosen,
  cardLanguages,
  cardMessage,
  cardResult,
  retiredCard,
  shareAllowedMessage,
  shareWarning,
} from "../../bot/card.ts";
import { withPlainDates } from "../../shared/intl.ts";
import { type LocaleTag, localeTags } from "../../shared/locale.ts";
import { viewCase, viewWithdrawn } from "../../shared/view/view.ts";
import { inventedCase, inventedRevision } from "../invented.ts";
import { profile } from "../profile.ts";
import { ua12619 } from "../shared/cases.ts";
import { bytes, expectSound, links, NOW, sentence } from "./messages.ts";

const BOT = "casewire_test_bot";

const revision = inventedRevision({ number: 123_456_789 });

/** The longest id with the longest texts. */
const huge = inventedCase(1, {
  id: "extra-9999-99",
  number: { series: "EXTRA", number: 9999, year: 2099 },
  title: { en: `@everybody /start ${sentence.repeat(70)}`, uk: "Вигадане речення. ".repeat(200) },
  summary: { en: sentence.repeat(70) },
});

describe.each(localeTags)("In %s,", (locale: LocaleTag) => {
  const views = [ua12619, huge].map((fields) => viewCase(fields, revision, locale, NOW, profile));

  it.each(views)("an inline result stays within Telegram's limits: $number", (view) => {
    const result = cardResult(view, links, BOT);
    expect(bytes(result.id)).toBeLessThanOrEqual(64);
    expect(cardChosen(result.id)).toEqual({ caseId: view.id, locale, shown: revision.number });
    expect(result.title.length).toBeLessThanOrEqual(140);
    expect(result.description).toContain(withPlainDates(view.asOf.text));
    const { text, entities, keyboard } = cardMessage(view, links, BOT);
    expect(result.input_message_content).toMatchObject({ message_text: text, entities });
    expect(result.reply_markup).toEqual(keyboard);
    expectSound({ text, entities, keyboard });
    expect(text).not.toContain("{");
    expect(text).toContain(withPlainDates(view.revision.published));
    expect(text.replace("contact@casewire.invalid", "")).not.toMatch(/@\w|(^|\s)\/\w/);
  });

  it.each(views)("the last words of a card cannot become untrue: $number", (view) => {
    const card = retiredCard(view, links, BOT);
    expectSound(card);
    for (const stays of [view.number, view.revision.label, view.revision.published])
      expect(card.text).toContain(withPlainDates(stays));
    for (const goes of [view.action.label, view.asOf.text, view.people.list[0]!.lines[0]?.text ?? view.action.label])
      expect(card.text).not.toContain(withPlainDates(goes));
    // None of its buttons needs a stored card.
    const urls = cardMessage(view, links, BOT)
      .keyboard.inline_keyboard.flat()
      .filter((button) => "url" in button);
    expect(card.keyboard.inline_keyboard.flat()).toEqual(urls);
  });

  it("the card of a withdrawn case has nothing but a link to its page", () => {
    const card = cardMessage(viewWithdrawn("ua-9-99", revision, locale, profile), links, BOT);
    expectSound(card);
    expect(card.keyboard.inline_keyboard.flat().every((button) => "url" in button)).toBe(true);
  });

  it("the warning before sharing is complete", () => {
    expectSound(shareWarning(locale, undefined, profile.bot?.safety ?? []));
    expectSound(shareAllowedMessage(locale, BOT, undefined, profile));
    expect(shareAllowedMessage(locale, BOT, undefined, profile).text).toContain(`@${BOT}`);
  });
});

it("The bot reads back the data of its own results and card buttons, and refuses any other", () => {
  const written = cardLanguages("ua-1-00", profile)
    .inline_keyboard.flat()
    .flatMap((button) => ("callback_data" in button ? [button.callback_data] : []));
  expect(written.map((data) => buttonPattern.cardLanguage.exec(data)?.slice(1))).toEqual(
    profile.languages.map((tag) => [tag, "ua-1-00"]),
  );
  for (const id of ["", "ua-1-00", "ua-1-00:xx:1", "ua-1-00:en:-1", "ua-1-00:en:1 ", "x:en:1", "ua-1-00:en:1e9"])
    expect(cardChosen(id)).toBeNull();
  for (const data of ["c:en:ua-1-00 ", "c:EN:ua-1-00", "c:en:../x", "c:en:", "c::ua-1-00", "c:en:ua-1-00\nx"])
    expect(buttonPattern.card.test(data)).toBe(false);
});
