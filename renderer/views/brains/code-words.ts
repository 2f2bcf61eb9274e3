import { useTranslation } from 'react-i18next';
import { en } from '../../../main/control/text/en/index.ts';

type Code = keyof typeof en.brains.codes;

const isKnown = (code: string): code is Code => Object.hasOwn(en.brains.codes, code);

/** A reply's code in words; one that this screen does not know stands for itself. */
export function useCodeWords(): (code: string) => string {
  const { t } = useTranslation();
  return (code) => (isKnown(code) ? t(`brains.codes.${code}`) : code);
}
