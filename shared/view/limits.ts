/** How many people a card, a message or an embed names; the rest are counted, except on the case's own page. */
export const PEOPLE_NAMED = 12;
