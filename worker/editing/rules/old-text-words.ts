/**
 * Words by which a page asks for appeals, and words by which it says that this is over, in the languages of pages that copy cases. The
 * sources of regular expressions for whole words; each language is met by a page of the lab (tests/editing/rules/old-text.test.ts).
 */
const r = String.raw;

/** What people are asked to do: imperatives, because reports of an appeal are written in other forms. */
export const askWords = [
  // In English and Spanish the form alone doesn't tell: "they ask the court", "la canción pide".
  r`(?<=^[^\p{L}]*|[,;:!?(—–] ?|\b(?:please|and|or|then|also|today|to|can) )(?:write|send|sign|e-?mail|fax|phone|call on|call for|urge|demand|ask|appeal to|tell|insist|press|tweet|take action|act now|join us|add your (?:name|voice)|raise your voice|speak (?:up|out))`,
  r`(?<=^[^\p{L}]*|[,;:!?(—–¡] ?|(?<!\p{L})(?:y|e|o|luego|también|hoy|favor) )(?:escrib(?:e|a|an|id)|env[íi](?:a|e|en|ad)|firm(?:a|e|en|ad)|pid(?:e|a|an|ed|amos)|exig(?:e|id)|exija(?:n|mos)?|inst(?:e|en|ad)|act[úu](?:a|e|en)|mand(?:a|e|en|ad)|reclam(?:a|e|en|ad|emos)|suma tu|dir[íi]j\p{L}+|diríg\p{L}+|solicit(?:a|e|en)|hag(?:a|an) llegar)`,
  r`écri(?:vez|s|vons)|envoy(?:ez|ons)|sign(?:ez|ons)|demand(?:ez|ons)|exig(?:ez|eons)|agiss(?:ez|ons)|appel(?:ez|ons)|interpell(?:ez|ons)|exhort(?:ez|ons)|adress(?:ez|ons)|rédig(?:ez|eons)|réclam(?:ez|ons)|priez|mobilis(?:ez|ons)|faites(?:-l\p{L}+)? parvenir|joignez`,
  r`(?:на)?пиш(?:іть|и)|надішл(?:іть|и)|надсилайте|шліть|підпи(?:шіть|ши|суйте)|вимага(?:йте|ємо)|закли(?:чте|кайте|каємо)|звер(?:ніться|тайтеся|тайтесь)|(?:по)?прос(?:іть|имо)|долуч(?:айтеся|іться)|дійте|телефонуйте|відправ(?:те|ляйте)`,
  r`(?:на)?пиш(?:ите|и)|отправ(?:ьте|ляйте)|пришлите|шлите|подпи(?:шите|ши|сывайте)|(?:по)?требуйте|требуем|призовите|призыва(?:йте|ем)|обра(?:титесь|щайтесь)|(?:по)?просите|присоединяйтесь|действуйте|звоните`,
  r`yaz(?:ın|ınız|alım)|gönder(?:in|iniz|elim)|imzala(?:yın|yınız|yalım)|talep edin(?:iz)?|isteyin(?:iz)?|çağırın|çağrıda bulunun|çağrı yapın|başvurun|harekete geçin|iletin|ulaştırın|katılın`,
  r`yazıñ(?:ız)?|yollañ(?:ız)?|yiberiñiz|imzalañ(?:ız)?|talap etiñ(?:iz)?|rica etiñiz|çağırıñız|muracaat etiñiz`,
  r`اكتب(?:وا)?|[أا]رسل(?:وا)?|وقّ?عوا|طالبوا|ادعوا|ناشدوا|تحركوا|بادروا`,
];

/** Who is asked, or for what: a verb and a letter alone may ask for anything. */
export const askedWords = [
  r`president|minist\p{L}+|prosecut\p{L}+|authorit\p{L}+|government|embass\p{L}+|ambassador|governor|parliament|releas\p{L}+|free (?:her|him|them|\p{Lu}\p{L}+)|go free|drop the charges|fair trial`,
  r`president\p{L}|ministr\p{L}+|fiscal\p{L}*|autoridad\p{L}*|gobierno|embajad\p{L}+|gobernador\p{L}*|(?:la|su|en) (?:inmediata )?libertad|liber(?:e|en|ación)|cargos`,
  r`président\p{L}*|ministr\p{L}+|procur\p{L}+|autorit\p{L}+|gouvern\p{L}+|ambassad\p{L}+|(?:la|sa|leur) libér\p{L}+|libér(?:er|ez|ation immédiate)|accusations`,
  r`президент\p{L}*|міністр\p{L}*|прокур\p{L}+|влад\p{L}+|уряд\p{L}*|посольств\p{L}*|посл(?:а|у|ові|ом)|губернатор\p{L}*|звільн\p{L}+|обвинувач\p{L}+`,
  r`президент\p{L}*|министр\p{L}*|прокур\p{L}+|власт\p{L}+|правительств\p{L}+|посольств\p{L}*|посл(?:а|у|ом)|губернатор\p{L}*|освобо\p{L}+|обвинени\p{L}+`,
  r`cumhurbaşkan\p{L}*|bakan(?:a|ı|ına|ın|lığ\p{L}+|ından)|savcı\p{L}*|yetkili\p{L}*|hükümet\p{L}*|büyükelçi\p{L}*|serbest|tahliye\p{L}*|suçlama\p{L}*`,
  r`prezident\p{L}*|nazir\p{L}*|prokuror\p{L}*|akimiyet\p{L}*|azat\p{L}*|serbest`,
  r`رئيس|وزير|مدع\p{L}*|سلطات|حكوم\p{L}*|سفير|سفارة|[إا]فراج|[إا]طلاق|تهم`,
];

/** By what people are asked to ask. It tells enough when a neighbouring sentence says whom. */
export const letterWords = [
  r`letters?|appeals?|e-?mails?|postcards?|petition`,
  r`cartas?|correos?|llamamientos?|petici\p{L}+`,
  r`lettres?|courriels?|appels?|pétition`,
  r`лист\p{L}*|звернен\p{L}+|петиці\p{L}+|листівк\p{L}+`,
  r`письм\p{L}+|обращени\p{L}+|петици\p{L}+|открытк\p{L}+`,
  r`mektup\p{L}*|e-?posta\p{L}*|mektüp\p{L}*|dilekçe\p{L}*`,
  r`رسائل|رسالة|عريضة|بطاقة`,
];

/** Sentences that ask for something else, or tell of an appeal. */
export const otherAskWords = [
  r`newsletters?|subscri\p{L}+|sign (?:up|in)|log in|donat\p{L}+|cookies?|comments?|write to us|contact us|share this|wrote|was|were|had|have been|has been|used to`,
  r`boletín|suscr\p{L}+|donar|don[ae]|donativos?|escríb[ea]nos|comentarios?|había\p{L}*|fue|fueron`,
  r`infolettre|abonn\p{L}+|dons?|écrivez-nous|commentaires?|avait|avaient|était|étaient|a été|ont été`,
  r`розсилк\p{L}+|підпи(?:шіться|суйтеся|суйтесь) на|пожертв\p{L}+|напишіть нам|пишіть нам|коментар\p{L}*`,
  r`рассылк\p{L}+|подпи(?:шитесь|сывайтесь) на|пожертв\p{L}+|напишите нам|пишите нам|комментар\p{L}*`,
  r`bülten\p{L}*|abone\p{L}*|bağış\p{L}*|bize yazın|yorum\p{L}*`,
  r`النشرة|تبرع\p{L}*|اشترك\p{L}*`,
];

/** A page that says one of these knows that something ended, or says that it is kept as it was. */
export const endedWords = [
  r`no (?:further|more) (?:action|appeals?|letters?|messages?|e-?mails?)|no longer (?:\p{L}+ )?(?:need\p{L}*|ask\p{L}*|necessary|required|requested|active|collect\p{L}*)|(?:action|case|appeal|campaign|petition|file)s? (?:\p{L}+ ){0,4}(?:closed|over|ended|concluded|finished|completed)|(?:closed|ended|concluded|closing) (?:the|this|our|its) (?:\p{L}+ )?(?:action|case|appeal|campaign|petition)|(?:do not|don['’]t|stop|please stop|refrain from) (?:send|writ|sign|appeal)\p{L}*|thank(?:s| you) (?:\p{L}+ )?to (?:all|every\p{L}+)|outcome|good news|archived?|out of date|outdated`,
  r`no (?:se requiere\p{L}*|es necesari\p{L}+|hace falta|envíen?|escriban?|firmen?)|ya no|cerrad[oa]s?|cierre|finaliz(?:ó|ad[oa]s?)|concluid[oa]s?|terminad[oa]s?|gracias a (?:tod[oa]s|quienes)|buen(?:a|as) noticias?|archiv(?:o|ad[oa]s?)|hemeroteca`,
  r`(?:aucune?|plus d[’'e]) ?(?:action|appels?|lettres?)|ne (?:sont |est )?plus|n[’'](?:est|envoyez|écrivez|y a) plus|(?:n[’'])?(?:envoyez|écrivez|signez) (?:plus|pas)|(?:est|action|cas|campagne|pétition|désormais) (?:\p{L}+ )?(?:terminée?|close?|clôturée?)|clôtur\p{L}+|merci à (?:tou(?:s|tes)|cell\p{L}+)|bonnes? nouvelles?|archiv(?:es?|ée?s?)`,
  r`(?:більше|вже) не|не (?:пишіть|надсилайте|(?:потрібно|треба) (?:писати|надсилати))|закри(?:т|ва)\p{L}+|завершен\p{L}+|припинен\p{L}+|дякуємо (?:всім|усім)|гарн[аі] новин\p{L}|добр[аі] новин\p{L}|архів\p{L}*`,
  r`(?:больше|уже) не|не (?:пишите|отправляйте|(?:нужно|надо) (?:писать|отправлять))|закры\p{L}+|завершен\p{L}+|прекращен\p{L}+|(?:благодарим|спасибо) (?:всех|всем)|хорош\p{L}+ новост\p{L}+|архив\p{L}*`,
  r`artık|kapan\p{L}+|kapatıl\p{L}+|sona er\p{L}+|tamamlan\p{L}+|sonlan\p{L}+|(?:yazmayın|göndermeyin|gerek yok|gerekmiyor)|herkese teşekkür\p{L}*|iyi haber\p{L}*|arşiv\p{L}*`,
  r`qapan\p{L}+|soñuna irişt\p{L}+|endi (?:kerek|lâzim) degil|arhiv\p{L}*`,
  r`[أا]غلق\p{L}*|انته[تى]|اختتم\p{L}*|لم (?:يعد|تعد)|لا (?:ترسلوا|تكتبوا|حاجة)|شكرا\p{M}* لكل|أرشيف`,
];

/** Words by which a sentence says that something is so now. */
export const nowWords = [
  r`is|are|remains?|currently|now|still`,
  r`está|están|sigue|siguen|continúa|permanece`,
  r`est|sont|reste|demeure|toujours|actuellement`,
  r`є|перебува\p{L}+|залиша\p{L}+|досі|зараз`,
  r`находится|находятся|оста[её]тся|сейчас|до сих пор`,
  r`hâlâ|halen|şu anda|\p{L}+uyor|\p{L}+iyor|\p{L}+ıyor`,
  r`daa|ale|şimdi`,
  r`لا (?:يزال|تزال|يزالون)|ما زال\p{L}*|حاليا\p{M}*`,
];
