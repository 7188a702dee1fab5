/** Month names, January first, separated by `|` where a language has several forms. Diacritics are folded away. */
const NAMES: Record<string, string> = {
  en: 'january|jan february|feb march|mar april|apr may june|jun july|jul august|aug september|sept|sep october|oct november|nov december|dec',
  de: 'januar|janner|jan februar|feber|feb marz|mrz april|apr mai juni juli august|aug september|sep oktober|okt november|nov dezember|dez',
  fr: 'janvier|janv fevrier|fevr mars avril|avr mai juin juillet|juil aout septembre|sept octobre novembre decembre',
  es: 'enero|ene febrero marzo abril|abr mayo junio julio agosto|ago septiembre|setiembre|set octubre noviembre diciembre|dic',
  pt: 'janeiro fevereiro|fev marco abril maio|mai junho julho agosto setembro|set outubro|out novembro dezembro|dez',
  it: 'gennaio|gen febbraio marzo aprile maggio|mag giugno|giu luglio|lug agosto settembre ottobre|ott novembre dicembre',
  nl: 'januari februari maart|mrt april mei juni juli augustus september oktober november december',
  sv: 'januari februari mars april maj juni juli augusti september oktober november december',
  da: 'januar februar marts april maj juni juli august september oktober november december',
  no: 'januar februar mars april mai juni juli august september oktober november desember|des',
  fi: 'tammikuuta|tammikuu helmikuuta|helmikuu maaliskuuta|maaliskuu huhtikuuta|huhtikuu toukokuuta|toukokuu kesakuuta|kesakuu heinakuuta|heinakuu elokuuta|elokuu syyskuuta|syyskuu lokakuuta|lokakuu marraskuuta|marraskuu joulukuuta|joulukuu',
  pl: 'stycznia|styczen|sty lutego|luty|lut marca|marzec kwietnia|kwiecien|kwi maja|maj czerwca|czerwiec|cze lipca|lipiec|lip sierpnia|sierpien|sie wrzesnia|wrzesien|wrz pazdziernika|pazdziernik|paz listopada|listopad|lis grudnia|grudzien|gru',
  cs: 'ledna|leden unora|unor brezna|brezen dubna|duben kvetna|kveten cervna|cerven cervence|cervenec srpna|srpen zari rijna|rijen listopadu prosince|prosinec',
  sk: 'januara februara marca aprila maja juna jula augusta septembra oktobra novembra decembra',
  hu: 'januar februar|febr marcius|marc aprilis majus junius julius augusztus szeptember|szept oktober november december',
  ro: 'ianuarie|ian februarie martie aprilie mai iunie|iun iulie|iul august septembrie octombrie noiembrie|noi decembrie',
  tr: 'ocak|oca subat|sub mart nisan|nis mayıs|mayis haziran|haz temmuz|tem agustos eylul|eyl ekim|eki kasım|kasim|kas aralık|aralik|ara',
  id: 'januari februari maret april mei juni juli agustus september oktober november desember',
  ru: 'января|январь|янв февраля|февраль|фев марта|март|мар апреля|апрель|апр мая|маи|май июня|июнь|июн июля|июль|июл августа|август|авг сентября|сентябрь|сен октября|октябрь|окт ноября|ноябрь|ноя декабря|декабрь|дек',
  uk: 'січня|сичня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня',
  bg: 'януари февруари март април май|маи юни юли август септември октомври ноември декември',
  el: 'ιανουαριου|ιανουαριος|ιαν φεβρουαριου|φεβρουαριος|φεβ μαρτιου|μαρτιος|μαρ απριλιου|απριλιος|απρ μαιου|μαιος|μαι ιουνιου|ιουνιος|ιουν ιουλιου|ιουλιος|ιουλ αυγουστου|αυγουστος|αυγ σεπτεμβριου|σεπτεμβριος|σεπ οκτωβριου|οκτωβριος|οκτ νοεμβριου|νοεμβριος|νοε δεκεμβριου|δεκεμβριος|δεκ',
  ar: 'يناير فبراير مارس ابريل|أبريل مايو يونيو يوليو اغسطس|أغسطس سبتمبر اكتوبر|أكتوبر نوفمبر ديسمبر',
  he: 'ינואר|בינואר פברואר|בפברואר מרץ|במרץ אפריל|באפריל מאי|במאי יוני|ביוני יולי|ביולי אוגוסט|באוגוסט ספטמבר|בספטמבר אוקטובר|באוקטובר נובמבר|בנובמבר דצמבר|בדצמבר',
  hi: 'जनवरी फरवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर',
  hr: 'sijecnja veljace ozujka travnja svibnja lipnja srpnja kolovoza rujna listopada studenoga|studenog prosinca',
  lt: 'sausio vasario kovo balandzio geguzes birzelio liepos rugpjucio rugsejo spalio lapkricio gruodzio',
  vi: '',
};

/** Folded month name → 1..12. Where languages disagree (Czech and Croatian `srpna`, Polish and Croatian) the larger press wins. */
export const MONTHS: ReadonlyMap<string, number> = readNames();

function readNames(): Map<string, number> {
  const months = new Map<string, number>();
  for (const list of Object.values(NAMES)) {
    for (const [index, forms] of list.split(' ').entries()) {
      for (const form of forms.split('|')) {
        const folded = form.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
        if (folded && !months.has(folded)) months.set(folded, index + 1);
      }
    }
  }
  return months;
}
