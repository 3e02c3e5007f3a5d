/** The lowest code. No case has as many revisions. */
export const MIN_REVISION_CODE = 1e8;
/**
 * Such that moments a whole number of days apart have different codes. With the
 * number above it makes nine digits.
 */
const CODES = 899_999_000;

/**
 * Names a revision of a case to its Channel, which after a restore may give its
 * number to another one, but not its moment. It stands where a number may stand
 * too. Two moments have the same code once in 900 million, and two whole
 * seconds once in 900,000.
 * @param liveAt the revision's moment; "" without a revision, whose code is 0
 */
export const revisionCode = (liveAt: string): number =>
  MIN_REVISION_CODE + (Date.parse(liveAt) % CODES) || 0;
