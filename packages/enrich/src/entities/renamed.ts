/**
 * Old title → title: pages of the English Wikipedia that were moved when what
 * they are about changed its name, so that neither surfaces nor words tell.
 * Where the wiki can be asked it is; this is for where it cannot.
 */
export const RENAMED: Readonly<Record<string, string>> = {
  Burma: 'Myanmar',
  'Republic of Macedonia': 'North Macedonia',
  Swaziland: 'Eswatini',
  Kiev: 'Kyiv',
  Kharkov: 'Kharkiv',
  Calcutta: 'Kolkata',
  Bombay: 'Mumbai',
  'Cape Verde': 'Cabo Verde',
  'Ivory Coast': "Côte d'Ivoire",
  'Islamic State of Iraq and Syria': 'Islamic State of Iraq and the Levant',
  'Palestinian National Authority': 'Palestinian Authority',
};
