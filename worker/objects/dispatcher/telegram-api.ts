/** A module of its own, so that the bundler leaves out what nobody uses of grammY: of a package imported when it is needed, it keeps all. */
export { Api } from "grammy";
