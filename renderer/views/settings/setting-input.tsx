import { useTranslation } from 'react-i18next';
import { INPUT } from '../../ui/field.tsx';
import type { Draft } from './draft.ts';
import { type Setting, useSettingTexts } from './setting-texts.ts';

interface Props {
  readonly id: string;
  readonly describedBy: string;
  readonly setting: Setting;
  readonly draft: Draft;
  readonly invalid: boolean;
  readonly onChange: (draft: Draft) => void;
}

/** The field of a setting, after its kind; one that is fixed elsewhere can be read and not changed. */
export function SettingInput({ id, describedBy, setting, draft, invalid, onChange }: Props) {
  const { t } = useTranslation();
  const { choiceText, unitText } = useSettingTexts();
  const isFixed = setting.origin === 'flag' || setting.origin === 'environment';
  const shared = { id, 'aria-describedby': describedBy, 'aria-invalid': invalid };
  if (typeof draft === 'boolean') {
    return (
      <span className="flex min-h-8 items-center gap-2">
        <input
          {...shared}
          type="checkbox"
          role="switch"
          checked={draft}
          disabled={isFixed}
          onChange={(event) => onChange(event.target.checked)}
          className="size-4 accent-fine"
        />
        <span aria-hidden>{draft ? t('settings.on') : t('settings.off')}</span>
      </span>
    );
  }
  if (setting.kind === 'choice') {
    return (
      <select
        {...shared}
        value={draft}
        disabled={isFixed}
        onChange={(event) => onChange(event.target.value)}
        className={`${INPUT} disabled:bg-sunken`}
      >
        {(setting.choices ?? []).map((choice) => (
          <option key={choice} value={choice}>
            {choiceText(choice)}
          </option>
        ))}
      </select>
    );
  }
  const isNumber = setting.kind === 'number';
  return (
    <span className="flex items-center gap-2">
      <input
        {...shared}
        type="text"
        inputMode={isNumber ? 'decimal' : 'text'}
        spellCheck={false}
        autoComplete="off"
        value={draft}
        readOnly={isFixed}
        onChange={(event) => onChange(event.target.value)}
        className={`${INPUT} read-only:bg-sunken ${isNumber ? 'text-right tabular-nums' : ''}`}
      />
      {setting.unit === '' && !isNumber ? null : (
        <span className="w-28 shrink-0 text-xs text-muted">{unitText(setting.unit)}</span>
      )}
    </span>
  );
}
