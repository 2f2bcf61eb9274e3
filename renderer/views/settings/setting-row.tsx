import { Lock } from 'lucide-react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../preferences/format.ts';
import { Button } from '../../ui/button.tsx';
import { draftOf, type Fault, faultOf, isChanged, isSame, valueOf } from './draft.ts';
import { SettingInput } from './setting-input.tsx';
import { type Setting, useSettingTexts } from './setting-texts.ts';
import type { Drafts } from './use-drafts.ts';

/** A setting: what it is at the left, its field at the right with what it takes and where it comes from. */
export function SettingRow({ setting, drafts }: { readonly setting: Setting; readonly drafts: Drafts }) {
  const id = useId();
  const { labelOf, helpOf } = useSettingTexts();
  const draft = drafts.draftOf(setting);
  const faultText = useFaultText(setting);
  const fault = faultOf(setting, draft);
  const said = fault === null ? drafts.refusalOf(setting.name) : faultText(fault);
  const mark = isChanged(setting, draft) ? 'border-l-fine' : 'border-l-transparent';
  return (
    <div className={`grid gap-x-8 gap-y-2 border-l-4 py-3 pr-4 pl-3 md:grid-cols-[minmax(0,1fr)_22rem] ${mark}`}>
      <div className="min-w-0">
        <label htmlFor={id} className="font-medium">
          {labelOf(setting.name)}
        </label>
        <p id={`${id}-help`} className="text-muted">
          {helpOf(setting.name)}
        </p>
        <code className="font-mono text-xs text-muted">{setting.name}</code>
      </div>
      <div className="flex min-w-0 flex-col gap-1">
        <SettingInput
          id={id}
          describedBy={`${id}-help ${id}-facts ${id}-fault`}
          setting={setting}
          draft={draft}
          invalid={said !== null}
          onChange={(changed) => drafts.edit(setting, changed)}
        />
        <div id={`${id}-facts`} className="flex flex-wrap items-center justify-between gap-x-3 text-xs text-muted">
          <Facts setting={setting} />
        </div>
        <p id={`${id}-fault`} role="alert" className="text-xs font-medium text-halted empty:hidden">
          {said}
        </p>
        <Reset setting={setting} drafts={drafts} />
      </div>
    </div>
  );
}

function useFaultText({ unit }: Setting): (fault: Fault) => string {
  const { t } = useTranslation();
  const format = useFormat();
  return (fault) => {
    switch (fault.kind) {
      case 'least':
        return t('settings.faults.least', { least: format.number(fault.bound) });
      case 'most':
        return t('settings.faults.most', { most: format.number(fault.bound) });
      case 'number':
        return t('settings.faults.number', { example: unit === 'lots' ? '0.5' : '250' });
      case 'whole':
      case 'port':
      case 'portOrNone':
      case 'choice':
      case 'text':
      case 'networks':
        return t(`settings.faults.${fault.kind}`);
    }
  };
}

/** Default, what takes effect when, and who has fixed it. */
function Facts({ setting }: { readonly setting: Setting }) {
  const { t } = useTranslation();
  const { valueText } = useSettingTexts();
  const { origin, name, standard, running } = setting;
  const standardText = isLimit(setting) && standard === 0 ? t('settings.noLimit') : valueText(setting, standard);
  return (
    <>
      <span>{t('settings.standard', { value: standardText })}</span>
      <span>{setting.live ? t('settings.live') : t('settings.restart')}</span>
      {running === undefined ? null : (
        <span className="basis-full font-medium text-stale">
          {t('settings.running', { value: valueText(setting, running) })}
        </span>
      )}
      {origin === 'flag' || origin === 'environment' ? (
        <span className="flex basis-full items-center gap-1.5 font-medium text-text">
          <Lock aria-hidden className="size-3.5 shrink-0" />
          {origin === 'flag'
            ? t('settings.fixed.flag', { flag: name.replaceAll('_', '-') })
            : t('settings.fixed.environment', { variable: `MT5_FABRIC_${name.toUpperCase()}` })}
        </span>
      ) : null}
    </>
  );
}

const isLimit = ({ name }: Setting) => name.startsWith('limit_');

function Reset({ setting, drafts }: { readonly setting: Setting; readonly drafts: Drafts }) {
  const { t } = useTranslation();
  const { labelOf } = useSettingTexts();
  const isFixed = setting.origin === 'flag' || setting.origin === 'environment';
  if (isFixed || isSame(valueOf(setting, drafts.draftOf(setting)), setting.standard)) return null;
  return (
    <Button
      look="quiet"
      className="self-end text-xs"
      aria-label={t('settings.resetOf', { label: labelOf(setting.name) })}
      onClick={() => drafts.edit(setting, draftOf(setting.standard))}
    >
      {t('settings.reset')}
    </Button>
  );
}
