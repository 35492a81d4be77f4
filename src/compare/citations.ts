import { type Variant, type VariantFact } from './variants';
import { type Citation, works } from './works';

/** `Devlin et al. 2019, section 3`. */
export function citationText({ work, place }: Citation): string {
  return place === '' ? works[work].cited : `${works[work].cited}, ${place}`;
}

/** A variant's sources, each once, with the facts that it stands for. */
export function citedFacts({
  sources,
}: Variant): { readonly citation: Citation; readonly facts: VariantFact[] }[] {
  const found: { citation: Citation; facts: VariantFact[] }[] = [];
  for (const [fact, citation] of Object.entries(sources) as [VariantFact, Citation][]) {
    const known = found.find(
      (each) => each.citation.work === citation.work && each.citation.place === citation.place,
    );
    if (known) {
      known.facts.push(fact);
    } else {
      found.push({ citation, facts: [fact] });
    }
  }
  return found;
}
