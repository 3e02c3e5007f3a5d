/**
 * What the bot finds in words that are no command: names, questions, typos, and
 * messages of any kind.
 */
import { beforeAll, describe, expect, it } from "vitest";
import type { LocaleTag } from "../../shared/locale.ts";
import { message } from "../../shared/messages.ts";
import {
  bot,
  chat,
  first,
  keysOf,
  open,
  reader,
  textsOf,
} from "./conversation.ts";

beforeAll(open);

it("A typo is offered, thanks and emojis are answered, and ordinary words offer no name to follow", async () => {
  expect(first(await reader().say("Is Kukuvna free?"))).toMatch(
    /^Did you mean[\s\S]*UA 2\/00/,
  );
  // Somebody with the same given name may be meant.
  expect(first(await reader().say("Where is Vyhadana Nowhereman?"))).toMatch(
    /^Did you mean[\s\S]*UA 2\/00/,
  );
  for (const text of [
    "Thank you!",
    "Дякую",
    "🙏",
    "❤️❤️",
    "شكرا",
    "merci beaucoup",
    "çok sağ oluñız",
    "ок, дякую!",
    "thanks, bye",
  ])
    expect(first(await reader().say(text)), text).toMatch(/^Thank you/);
  for (const text of ["stop", "Стоп!", "unsubscribe", "dejar de seguir"])
    expect(first(await reader().say(text)), text).toMatch(
      /^You follow nothing/,
    );
  for (const text of ["hello", "Привіт!", "مرحبا", "bonjour"])
    expect(first(await reader().say(text)), text).toMatch(/^Casewire\n/);
  expect(
    keysOf(
      (await reader().say("how are you doing this fine sunny morning"))[0]!,
    ).map(({ text }) => text),
  ).toEqual(["All cases"]);
});

it.each([
  [
    "en",
    "Is Kukuvina free? | follow Kukuvina | What happened to Vyhadana Kukuvina? | any news about Kukuvina | Has Kukuvina been released? | Do you know anything about Kukuvina? | is kukuvina still in jail | How can I help Kukuvina? | Hi, I'm looking for Kukuvina | Notify me about Kukuvina",
  ],
  [
    "uk",
    "Чи Кукувіна на волі? | Що сталося з Кукувіною? | Де зараз Кукувіна? | новини про Кукувіну | Кукувіну звільнили? | Хочу стежити за справою Кукувіни | Розкажіть про Кукувіну будь ласка | Як допомогти Кукувіні? | коли заарештували кукувіну | Добрий день! Шукаю Кукувіну",
  ],
  [
    "ru",
    "Кукувина на свободе? | следить за Кукувиной | Что случилось с Кукувиной? | Где сейчас Кукувина? | дело Кукувиной | Кукувину освободили? | Что известно о Кукувиной? | Расскажите про Кукувину, пожалуйста | когда арестовали кукувину | Здравствуйте! Ищу Кукувину",
  ],
  [
    "tr",
    "Kukuvina serbest mi? | Kukuvina'yı takip et | Kukuvina'yu ne oldu? | Kukuvinaya ne oldu | Kukuvina nerede? | Kukuvina hakkında haber var mı? | Kukuvina hapiste mi? | Kukuvina'nın durumu nedir? | Kukuvina için ne yapabilirim? | Merhaba, Kukuvina'yı arıyorum",
  ],
  [
    "crh",
    "Kukuvina azat mı? | Kukuvina'nı taqip etmek | Kukuvinağa ne oldı? | Kukuvina qayda? | Kukuvina aqqında haber bar mı? | Kukuvina azat etildimi? | Kukuvina apiste mi? | Kukuvina'nıñ işi | Selâm, Kukuvinanı qıdıram | Kukuvina kim?",
  ],
  [
    "ar",
    "هل كوكوفينا حرة؟ | متابعة كوكوفينا | ماذا حدث لكوكوفينا؟ | أين كوكوفينا الآن؟ | أخبار كوكوفينا | هل أُفرج عن كوكوفينا؟ | ما وضع كوكوفينا؟ | أريد متابعة كوكوفينا | هل ما زالت كوكوفينا في السجن؟ | مرحبا، أبحث عن كوكوفينا",
  ],
  [
    "es",
    "¿Está libre Kukuvina? | seguir a Kukuvina | ¿Qué le ha pasado a Kukuvina? | noticias de Kukuvina | el caso de Kukuvina | ¿Han liberado a Kukuvina? | ¿Sigue presa Kukuvina? | Quiero seguir el caso de Kukuvina | ¿Cómo puedo ayudar a Kukuvina? | ¿Sabes algo de Kukuvina?",
  ],
  [
    "fr",
    "Kukuvina est-elle libre ? | suivre Kukuvina | Qu’est-il arrivé à Kukuvina ? | Où est Kukuvina ? | l’affaire Kukuvina | Est-ce que Kukuvina a été libérée ? | Kukuvina est-elle toujours en prison ? | Y a-t-il des nouvelles de Kukuvina ? | Comment aider Kukuvina ? | Bonjour, je cherche Kukuvina",
  ],
])(
  "In %s whoever asks for a person finds the case, in ten ways",
  async (language, questions) => {
    for (const question of questions.split(" | ")) {
      const [text, ...more] = textsOf(await reader(language).say(question));
      expect(text, question).toMatch(/UA 2\/00 · Invented Issuer/);
      expect(text, question).not.toContain(
        message(language as LocaleTag, "search.near"),
      );
      expect(more, question).toEqual([]);
    }
  },
);

it.each([
  ["en", "Hello, what happened to Nadia Nowhereman?", "Nadia Nowhereman"],
  ["ru", "Кто такая Небывалова?", "Небывалова"],
  ["tr", "Yokyerli'ye ne oldu?", "Yokyerli"],
  ["ar", "أين مجهولة الآن؟", "مجهولة"],
  ["fr", "nadia nowhereman", "nadia nowhereman"],
])(
  "In %s a question about somebody unknown offers to follow the name alone",
  async (language, question, name) => {
    const someone = reader(language);
    await bot.followers.follow({ chat, kind: "private" }, "all", "en", 0);
    expect(first(await someone.say(question))).not.toContain("UA");
    await someone.press(message(language as LocaleTag, "bot.follow.word"));
    expect([
      ...(await bot.followers.words({ chat, kind: "private" })).values(),
    ]).toEqual([name]);
  },
);

const link = {
  type: "text_link",
  offset: 5,
  length: 4,
  url: "https://casewire.test/embed/ua-2-00",
};

describe("A message of any kind", () => {
  it.each([
    [
      "a forwarded text",
      {
        text: "News:\nVyhadana Kukuvina was moved.",
        forward_origin: { type: "hidden_user" },
      },
    ],
    [
      "a name in another script, with an ending",
      { text: "Сьогодні\nВигадану Кукувіну перевели." },
    ],
    ["a caption", { caption: "Appeal for UA 2/00!", photo: [{}] }],
    [
      "a bare number in a sentence",
      { text: "Has anything changed in 2/00 since last week?\nThank you" },
    ],
    [
      "a link in the text",
      { text: "https://casewire.test/cases/ua-2-00?lang=uk" },
    ],
    ["a link behind words", { text: "Look\nhere", entities: [link] }],
    [
      "a poll",
      {
        poll: {
          question: "Who writes for Vyhadana Kukuvina?",
          options: [{ text: "Me" }],
        },
      },
    ],
    [
      "a checklist",
      { checklist: { title: "Letters", tasks: [{ id: 1, text: "UA 2/00" }] } },
    ],
    [
      "a place that was sent",
      { location: {}, venue: { title: "Vigil for UA 2/00", location: {} } },
    ],
    [
      "a surname as a caption",
      { caption: "Kukuvina", document: { file_id: "x" } },
    ],
    [
      "a quoted part of another message",
      { text: "This?", quote: { text: "UA 2/00", position: 0 } },
    ],
  ])("is answered with the case in it: %s", async (_, fields) => {
    const text = first(await reader().send(fields));
    expect(text).toContain("UA 2/00 · Invented Issuer");
    expect(text).toMatch(
      /Facts as of 2 January 2000\s+As stated by Invented Issuer/,
    );
  });

  it("with several cases offers a choice with date, source and status of each", async () => {
    const [sent] = await reader().send({
      text: "Compare UA 1/00\nwith UA 3/00.",
      forward_origin: {},
    });
    expect(sent!.payload.text).toMatch(
      /^Cases named in this message\n[\s\S]*UA 1\/00[\s\S]*Facts as of 2 January 2000 · Invented Issuer\nAction open/,
    );
    expect(keysOf(sent!).map(({ text }) => text)).toEqual([
      "UA 1/00",
      "UA 3/00",
    ]);
  });

  it("without a case says what was looked for", async () => {
    const someone = reader();
    expect(
      first(await someone.send({ caption: "Good morning", photo: [{}] })),
    ).toMatch(/^No case found[\s\S]*case numbers such as UA/);
    for (const kind of [
      "sticker",
      "voice",
      "document",
      "video_note",
      "location",
      "dice",
    ])
      expect(first(await someone.send({ [kind]: {} })), kind).toMatch(
        /^Only words can be read here/,
      );
    expect(first(await someone.say("/stop"))).toBe(
      "You follow nothing in this chat.",
    );
    expect(
      await someone.send({
        message_auto_delete_timer_changed: { message_auto_delete_time: 1 },
      }),
    ).toEqual([]);
  });

  it("that was forwarded is read, not obeyed", async () => {
    const someone = reader();
    await bot.followers.follow({ chat, kind: "private" }, "ua-1-00", "en", 1);
    for (const text of ["/forget", "/unfollow 1/00", "/stop"])
      expect(
        first(
          await someone.say(text, { forward_origin: { type: "hidden_user" } }),
        ),
        text,
      ).toMatch(text.includes("1/00") ? /UA 1\/00/ : /^No case found/);
    expect(await bot.followers.following({ chat, kind: "private" })).toEqual([
      "ua-1-00",
    ]);
  });

  it("does not take one given name, a date or a fraction for a case", async () => {
    for (const text of [
      "Invented News\nPerson One agreed.",
      "On 1/00/2000\nit rained",
      "v1/00.5\nand 11/003",
    ])
      expect(first(await reader().say(text)), text).toMatch(/^No case found/);
  });

  it("asks a guest to read the warning first, then answers with a card that stays up to date", async () => {
    const user = { id: 901, is_bot: false, first_name: "Invented Reader" };
    const chat = { id: -1009, type: "supergroup", title: "Elsewhere" };
    const ask = (text: string, replied?: string) => {
      const reply = replied
        ? { reply_to_message: { message_id: 2, date: 1, text: replied } }
        : {};
      const sent = {
        message_id: 1,
        date: 1,
        chat,
        from: user,
        text,
        guest_query_id: "q",
        ...reply,
      };
      return bot.handle({ guest_message: sent } as never);
    };
    const [warned] = await ask("@casewire_local_bot 2/00");
    expect(warned!.payload.result.input_message_content.message_text).toBe(
      "Before you share: read this",
    );
    await bot.cards.allowSharing({ chat: user.id, kind: "private" });
    const [card] = await ask("@casewire_local_bot", "Free Vyhadana Kukuvina!");
    expect(card!.method).toBe("answerGuestQuery");
    expect(card!.payload.result.input_message_content.message_text).toContain(
      "UA 2/00",
    );
    expect(await bot.cards.kept({ inline: "guest-card" })).toEqual({
      caseId: "ua-2-00",
      locale: "en",
    });
    const [several] = await ask("@casewire_local_bot UA 1/00 and UA 3/00");
    expect(
      several!.payload.result.input_message_content.message_text,
    ).toContain("• UA 1/00\n• UA 3/00");
    const [none] = await ask("@casewire_local_bot hello there");
    expect(none!.payload.result.input_message_content.message_text).toMatch(
      /^No case found/,
    );
    expect(bot.failures).toEqual([]);
  });
});
