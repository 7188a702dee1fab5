import type { EntityType } from '@throughline/core';

/** Wikidata's classes (values of P31, instance of) that the archive's entities mostly have, by type. */
const CLASSES: Readonly<Record<Exclude<EntityType, 'other'>, string>> = {
  person: 'Q5',
  organisation:
    'Q43229 Q4830453 Q783794 Q6881511 Q891723 Q7278 Q484652 Q245065 Q327333 Q192350 Q37726 Q772547 Q17149090 Q17127659 ' +
    'Q476028 Q3918 Q11032 Q163740 Q79913 Q41487 Q35749 Q46970 Q22687 Q847017 Q12973014 Q1194951 Q6979593 Q215380 Q35535',
  place:
    'Q6256 Q3624078 Q515 Q1549591 Q5119 Q35657 Q82794 Q10864048 Q486972 Q3957 Q532 Q23442 Q4022 Q8502 Q8072 Q165 Q9430 ' +
    'Q5107 Q1248784 Q7275 Q56061 Q28575 Q47168 Q1093829 Q200250 Q34876 Q1221156 Q149621',
  event:
    'Q1656682 Q1190554 Q198 Q180684 Q178561 Q40231 Q7944 Q3241045 Q12184 Q44512 Q124757 Q273120 Q2223653 Q744913 ' +
    'Q16510064 Q27020041 Q645883 Q858439 Q45382 Q3839081 Q8065 Q3199915',
  work: 'Q11424 Q571 Q7725634 Q482994 Q7366 Q5398426 Q7889 Q41298 Q17537576 Q3305213 Q134556 Q1002697',
};

const typeByClass = new Map(
  Object.entries(CLASSES).flatMap(([type, ids]) => ids.split(' ').map((id) => [id, type as EntityType] as const)),
);

/** The type of an item of these classes; what only has coordinates is a place. Undefined where none of it is known here. */
export function typeOfClasses(classes: readonly string[], hasCoordinates: boolean): EntityType | undefined {
  const known = classes.map((id) => typeByClass.get(id)).find((type) => type !== undefined);
  return known ?? (hasCoordinates ? 'place' : undefined);
}
