import { createRoot } from 'react-dom/client';
import { App } from '../../../../renderer/app.tsx';
import '../../../../renderer/style/index.css';
import { FakeApi } from '../../fake-api.ts';
import { ordinaryDay, ordinarySettings } from '../../values.ts';
import { eventfulLog } from '../fake-log.ts';

// The audit log over a million entries that are made when asked for; `grow(37)` in the browser's console adds some.
const log = eventfulLog(1_000_000);
const tellHead = () =>
  fake.push('audit', { ...ordinaryDay.audit, head: { seq: log.headSeq, hash: 'd99a34dfd28f0c11' } });
// `?language=zh-CN&theme=dark` instead of the settings of an ordinary day.
const wanted = new URLSearchParams(window.location.search);
const settings = ordinarySettings.settings.map((one) => ({ ...one, value: wanted.get(one.name) ?? one.value }));
const fake = new FakeApi({
  settings: () => ({ ...ordinarySettings, settings }),
  auditPage: log.page,
  auditShow: log.show,
  auditVerify: () => ordinaryDay.audit.integrity,
  auditExport: ({ format }) => ({
    file: `audit-20261127T140231Z.${format}`,
    manifest_file: `audit-20261127T140231Z.${format}.manifest.json`,
    folder: '/home/anna/.local/share/mt5-fabric/exports',
    rows: log.headSeq,
    bytes: 412_884_112,
    sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    gaps: [],
  }),
});
tellHead();
const grow = (rows: number) => {
  log.headSeq += rows;
  tellHead();
};
Object.assign(window, { fake, grow });
createRoot(document.getElementById('root')!).render(<App api={fake} />);
