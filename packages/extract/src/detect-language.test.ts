import { describe, expect, it } from 'vitest';
import { detectLanguage } from './detect-language.ts';

describe('detectLanguage', () => {
  it.each([
    [
      'en',
      'The ferry company said that its boats would sail again after three days of storm, but two of the piers are still closed.',
    ],
    [
      'de',
      'Die Fährgesellschaft teilte mit, dass ihre Boote nach drei Tagen Sturm wieder fahren, doch zwei der Anleger sind noch gesperrt.',
    ],
    [
      'fr',
      'La compagnie a annoncé que ses bateaux reprendront la mer après trois jours de tempête, mais deux des quais sont encore fermés.',
    ],
    [
      'es',
      'La compañía dijo que sus barcos volverán a navegar después de tres días de tormenta, pero dos de los muelles siguen cerrados.',
    ],
    [
      'pt',
      'A companhia disse que os seus barcos voltam a navegar depois de três dias de tempestade, mas dois dos cais ainda não abriram.',
    ],
    [
      'it',
      'La compagnia ha detto che le sue barche torneranno a navigare dopo tre giorni di tempesta, ma due dei moli sono ancora chiusi.',
    ],
    [
      'nl',
      'De rederij zei dat de boten na drie dagen storm weer varen, maar twee van de steigers zijn nog niet open voor het publiek.',
    ],
    [
      'sv',
      'Rederiet sade att båtarna går igen efter tre dagar av storm, men två av bryggorna är fortfarande inte öppna för allmänheten.',
    ],
    [
      'pl',
      'Spółka poinformowała, że jej statki po trzech dniach sztormu znów pływają, ale dwa z nabrzeży są jeszcze zamknięte i nie wiadomo, do kiedy.',
    ],
    [
      'tr',
      'Şirket, üç gün süren fırtınadan sonra teknelerin yeniden sefere çıkacağını söyledi, ancak iki iskele daha açık değil ve bu hafta da kapalı olacak.',
    ],
    [
      'ru',
      'Компания сообщила, что её суда после трёх дней шторма снова вышли в море, но два причала ещё закрыты, и это может быть надолго.',
    ],
    [
      'uk',
      'Компанія повідомила, що її судна після трьох днів шторму знову вийшли в море, але два причали ще зачинені, і це може бути надовго.',
    ],
    [
      'ar',
      'قالت الشركة إن سفنها ستعود إلى البحر بعد ثلاثة أيام من العاصفة، لكن اثنين من الأرصفة لا يزالان مغلقين حتى نهاية الشهر.',
    ],
    [
      'fa',
      'این شرکت گفت که کشتی‌هایش پس از سه روز توفان دوباره به دریا می‌روند، اما دو اسکله هنوز بسته است و تا پایان ماه باز نمی‌شود.',
    ],
    [
      'hi',
      'कंपनी ने कहा कि तीन दिन के तूफान के बाद उसकी नावें फिर से चलेंगी, लेकिन दो घाट अभी भी बंद हैं और इस महीने के अंत तक नहीं खुलेंगे।',
    ],
    ['ja', '船会社は三日間の嵐の後、船の運航を再開すると発表した。二つの桟橋は月末まで閉鎖される見込みだ。'],
    ['zh', '轮渡公司表示，在三天的风暴之后，渡轮将恢复航行，但两个码头仍将关闭至月底，乘客须在旧码头换乘。'],
    ['ko', '해운사는 사흘간의 폭풍이 끝나고 배를 다시 운항한다고 밝혔다. 부두 두 곳은 이달 말까지 닫힌다.'],
    ['el', 'Η εταιρεία ανακοίνωσε ότι τα πλοία της θα ταξιδέψουν ξανά μετά από τρεις ημέρες καταιγίδας.'],
    ['he', 'החברה הודיעה כי הספינות שלה יפליגו שוב לאחר שלושה ימים של סערה, אך שני רציפים עדיין סגורים.'],
    ['th', 'บริษัทเรือเฟอร์รี่กล่าวว่าเรือจะกลับมาแล่นอีกครั้งหลังพายุสามวัน แต่ท่าเรือสองแห่งยังปิดอยู่'],
  ])('knows %s', (language, text) => {
    expect(detectLanguage(text)?.language).toBe(language);
  });

  it.each(['', 'Ferry', '12345 67890 '.repeat(20), 'Lorem ipsum dolor sit amet consectetur '.repeat(3)])(
    'claims nothing of %j',
    (text) => {
      expect(detectLanguage(text)?.language).toBeUndefined();
    },
  );
});
