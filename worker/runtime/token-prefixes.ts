/** They say to people, secret scanners and the Worker what a token is. */
export const SESSION_PREFIX = "cws_";
export const TOKEN_PREFIX = "cwt_";
