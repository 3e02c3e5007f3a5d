/** The safety texts of this deployment's bot. */
import type { SafetyText } from "../../bot/safety.ts";

export const safetyTexts: readonly SafetyText[] = [
  {
    countries: ["RU"],
    text: {
      en: "In Russia and in territory it occupies, sharing this information or writing appeals may be punishable. Amnesty International was declared an “undesirable organization” there in May 2025.",
      uk: "У Росії та на окупованих нею територіях за поширення цих відомостей або за звернення можуть покарати. У травні 2025 року Amnesty International там оголосили «небажаною організацією».",
      ru: "В России и на оккупированных ею территориях за распространение этих сведений или за обращения могут наказать. В мае 2025 года Amnesty International там объявили «нежелательной организацией».",
      fr: "En Russie et dans les territoires qu’elle occupe, partager ces informations ou écrire des appels peut être passible de sanctions. Amnesty International y a été déclarée « organisation indésirable » en mai 2025.",
      es: "En Rusia y en los territorios que ocupa, compartir esta información o escribir llamamientos puede estar penado. Amnistía Internacional fue declarada allí «organización indeseable» en mayo de 2025.",
      tr: "Rusya’da ve işgal ettiği topraklarda bu bilgileri paylaşmak veya çağrı mektubu yazmak cezalandırılabilir. Amnesty International orada Mayıs 2025’te “istenmeyen kuruluş” ilan edildi.",
      ar: "في روسيا وفي الأراضي التي تحتلها، قد يُعاقَب على نشر هذه المعلومات أو كتابة المناشدات. وقد أُعلنت Amnesty International هناك «منظمة غير مرغوب فيها» في مايو 2025.",
      crh: "Rusiyede ve o işğal etken topraqlarda bu malümatnı paylaşqan ya da muracaat yazğan içün cezalay bilirler. 2025 senesi mayıs ayında Amnesty International anda “istenilmegen teşkilât” dep ilân etildi.",
    },
  },
];
