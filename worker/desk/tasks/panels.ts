/** The panels that take the form's place, in one file: an editor who needs one often needs the next. */
export { QuestionsPanel } from "./questions-panel.tsx";
export { StatusPanel } from "./status-panel.tsx";
export { TranslationPanel } from "./translation-panel.tsx";
