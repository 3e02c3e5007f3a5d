/**
 * The largest number of people that a card, a message or an embed names. It
 * counts the rest; the case's page names all.
 */
export const PEOPLE_NAMED = 12;
/** The number of people that a card is certain to list. */
export const PEOPLE_LISTED = 3;
/**
 * The most people that one sentence of news names. With more it names one, and
 * counts the others.
 */
export const PEOPLE_IN_NEWS = 3;
