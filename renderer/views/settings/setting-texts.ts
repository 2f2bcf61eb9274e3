import { useTranslation } from 'react-i18next';
import type { ControlOutput } from '../../../main/control/contract.ts';
import { en } from '../../../main/control/text/en/index.ts';

export type Setting = ControlOutput<'settings'>['settings'][number];
export type Value = Setting['value'];

const { names, choices, units } = en.settings;

/** Settings in words: one that this screen does not know stands for itself. */
export function useSettingTexts() {
  const { t } = useTranslation();
  const unitText = (unit: string): string => (isKeyOf(units, unit) ? t(`settings.units.${unit}`) : unit);
  const choiceText = (choice: string): string => (isKeyOf(choices, choice) ? t(`settings.choices.${choice}`) : choice);
  const valueText = ({ kind, unit }: Pick<Setting, 'kind' | 'unit'>, value: Value): string => {
    if (typeof value === 'boolean') return value ? t('settings.on') : t('settings.off');
    if (kind === 'choice') return choiceText(String(value));
    const text = Array.isArray(value) ? value.join(', ') : String(value);
    if (text === '') return t('settings.emptyValue');
    return unit === '' || unit === 'port' ? text : `${text} ${unitText(unit)}`;
  };
  return {
    labelOf: (name: string): string => (isKeyOf(names, name) ? t(`settings.names.${name}.label`) : name),
    helpOf: (name: string): string => (isKeyOf(names, name) ? t(`settings.names.${name}.help`) : ''),
    unitText,
    choiceText,
    valueText,
  };
}

function isKeyOf<T extends object>(texts: T, key: string): key is Extract<keyof T, string> {
  return Object.hasOwn(texts, key);
}
