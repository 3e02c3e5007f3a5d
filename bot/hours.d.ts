/** Hours in which a chat wants messages: quiet hours, and the hour of a daily digest, in the zone that it chose. */
/** When messages may reach a chat: outside quiet hours, or once a day. Hours are whole hours of its clock, 0 to 23. */
export interface Hours {
    /** An offset from UTC (`+05:30`), an IANA zone that names no place and has summer time (`EET`), or one whose summer is in January (`S+10:00`). */
    zone: string;
    /** Nothing is sent from the first hour until the second. */
    quiet?: {
        from: number;
        to: number;
    };
    /** The hour at which a day's updates are sent together. */
    digest?: number;
}
/** "+05:30" */
export declare const offset: (minutes: number) => string;
/** The zones that can be chosen, those with summer time first. */
export declare const zones: readonly string[];
/** Milliseconds that a zone's clock is ahead of UTC. */
export declare function zoneOffset(zone: string, at: number): number;
/** "14:30" on a zone's clock. */
export declare const clockIn: (zone: string, at: number) => string;
/** "22:00" */
export declare const hourText: (hour: number) => string;
/** "UTC+2", or "UTC+2/+3" for a zone with summer time. */
export declare function zoneText(zone: string): string;
/**
 * Until when a message waits, in milliseconds since the epoch; null when it may be sent now.
 * @param since the moment of the message's news. A digest sends what is older than its hour.
 */
export declare function restUntil({ zone, quiet, digest }: Hours, since: number, now: number): number | null;
