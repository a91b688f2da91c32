import { de } from './de';
import { en, type Texts } from './en';

export type { Texts } from './en';

export const languages: Readonly<Record<string, Texts>> = { en, de };

export function textsIn(language: string | undefined): Texts {
  return (language === undefined ? undefined : languages[language]) ?? en;
}
