import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '../../api/api-context.tsx';
import { usePreferences } from '../../preferences/preferences.tsx';
import { useAnnounce } from '../../ui/announcer.tsx';
import { changeOf, type Draft, draftOf, faultOf, isChanged } from './draft.ts';
import { type Setting, useSettingTexts } from './setting-texts.ts';

/** What is being edited, and how saving it went. */
export interface Drafts {
  draftOf(setting: Setting): Draft;
  edit(setting: Setting, draft: Draft): void;
  /** What the gateway said of that setting when it refused, until it is edited again. */
  refusalOf(name: string): string | null;
  /** How many would be saved, and how many of them cannot be. */
  readonly changes: number;
  readonly faults: number;
  readonly busy: boolean;
  /** How the last saving went; null after the next edit. */
  readonly outcome: { readonly saved: boolean; readonly text: string } | null;
  save(): Promise<void>;
  discard(): void;
}

/** Edits of these settings; `reread` gets them anew after they were saved. */
export function useDrafts(settings: readonly Setting[], reread: () => Promise<void>): Drafts {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const preferences = usePreferences();
  const { labelOf } = useSettingTexts();
  const { run, busy } = useCall('saveSettings');
  const [edited, setEdited] = useState<Readonly<Record<string, Draft>>>({});
  const [refusals, setRefusals] = useState<Readonly<Record<string, string>>>({});
  const [outcome, setOutcome] = useState<Drafts['outcome']>(null);
  const changed = settings.filter((setting) => isChanged(setting, edited[setting.name]));
  const draftFor = (setting: Setting) => edited[setting.name] ?? draftOf(setting.value);

  const tell = (saved: boolean, text: string) => {
    setOutcome({ saved, text });
    announce(text);
  };
  const save = async () => {
    const changes = Object.fromEntries(changed.map((setting) => [setting.name, changeOf(setting, draftFor(setting))]));
    const answer = await run({ changes });
    if (!answer.ok) {
      tell(false, t('shell.failed', { message: answer.error }));
      return;
    }
    if (!answer.output.saved) {
      const { faults } = answer.output;
      setRefusals(faults);
      const elsewhere = Object.entries(faults).filter(([name]) => !settings.some((setting) => setting.name === name));
      tell(false, [t('settings.notSaved'), ...elsewhere.map(([name, what]) => `${name}: ${what}`)].join(' '));
      return;
    }
    await reread();
    setEdited({});
    setRefusals({});
    preferences.reload();
    const names = answer.output.restart.map(labelOf).join(t('settings.separator'));
    tell(true, names === '' ? t('settings.saved') : t('settings.savedRestart', { names }));
  };
  return {
    draftOf: draftFor,
    edit: ({ name }, draft) => {
      setEdited((before) => ({ ...before, [name]: draft }));
      setRefusals((before) => Object.fromEntries(Object.entries(before).filter(([refused]) => refused !== name)));
      setOutcome(null);
    },
    refusalOf: (name) => refusals[name] ?? null,
    changes: changed.length,
    faults: changed.filter((setting) => faultOf(setting, draftFor(setting)) !== null).length,
    busy,
    outcome,
    save,
    discard: () => {
      setEdited({});
      setRefusals({});
      setOutcome(null);
    },
  };
}
