/** Rules on what a service may do and take. */
import type { Place, Rule } from '../finding.ts';
import { HARDENING } from './hardening.ts';
import { commandOf, isDynamic, MISSING, NONE, placeOf, unless } from './service-rule.ts';
import { type Unit, wordsOf } from './unit.ts';

/** The directives of the hardening set that are not there, or say less. */
function missingHardening(unit: Unit): string[] {
  return HARDENING.filter(({ directive, values }) => {
    const entries = unit.entries.filter(({ section, key }) => section === 'Service' && key === directive);
    if (entries.length === 0) return true;
    const last = entries.at(-1)!.value;
    if (values[0] === '') return last !== '';
    if (values[0] === 'yes') return !unit.isTrue('Service', directive);
    if (directive === 'UMask') return !/^0?[0-7]?[0-7]77$/.test(last);
    if (directive === 'SystemCallFilter')
      return !entries.some(({ value }) => value.startsWith('@') || value.startsWith('~'));
    if (directive === 'RestrictAddressFamilies') return last === '';
    return last !== values[0];
  }).map(({ directive }) => directive);
}

export const CONFINEMENT_RULES: readonly Rule<Unit>[] = [
  {
    id: 'service-user',
    severity: 'fault',
    what: 'The server runs as root',
    why: 'Whoever gets a tool to do something else than it should owns the machine.',
    fix: 'DynamicUser=yes, or User= with a user of its own',
    find: unit => {
      if (isDynamic(unit)) return NONE;
      const entry = unit.last('Service', 'User');
      if (entry === undefined) return MISSING;
      return entry.value === 'root' || entry.value === '0' || entry.value === '' ? [placeOf(entry)] : NONE;
    },
  },
  {
    id: 'service-hardening',
    severity: 'fault',
    what: 'The service may do far more than it needs; missing: {detail}',
    why: 'A user of its own alone is rated 9.2 of 10 (unsafe) by systemd-analyze security, the whole set 1.4. A tool that is talked into something can then read and change what every process of that user can.',
    fix: 'Take the lines of the unit that slipway deploy systemd writes',
    find: unit => {
      const missing = missingHardening(unit);
      return missing.length === 0 ? NONE : [{ detail: missing.join(', ') }];
    },
  },
  {
    id: 'service-jit',
    severity: 'fault',
    what: 'MemoryDenyWriteExecute= is on',
    why: 'V8 writes the code that it runs: Node does not even start.',
    fix: 'Remove MemoryDenyWriteExecute=',
    find: unit =>
      unit.isTrue('Service', 'MemoryDenyWriteExecute')
        ? [placeOf(unit.last('Service', 'MemoryDenyWriteExecute')!)]
        : NONE,
  },
  {
    id: 'service-network',
    severity: 'fault',
    what: '{detail} cuts the server off',
    why: 'It needs TCP (AF_INET, AF_INET6), and AF_UNIX to tell systemd that it is ready and alive.',
    fix: 'RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX, and no PrivateNetwork=',
    find: unit => {
      const places: Place[] = [];
      const own = unit.last('Service', 'PrivateNetwork');
      if (own !== undefined && unit.isTrue('Service', 'PrivateNetwork')) {
        places.push(placeOf(own, 'PrivateNetwork='));
      }
      const families = unit.last('Service', 'RestrictAddressFamilies');
      if (families === undefined || families.value === '') return places;
      const named = new Set(wordsOf(families.value.replace(/^~/, '')));
      const isDenied = (family: string) => named.has(family) === families.value.startsWith('~');
      if (['AF_INET', 'AF_UNIX'].some(isDenied)) {
        places.push(placeOf(families, `RestrictAddressFamilies=${families.value}`));
      }
      return places;
    },
  },
  {
    id: 'service-home',
    severity: 'fault',
    what: '{detail} is hidden from the service',
    why: 'ProtectHome= hides what is below a home (Node from a version manager is there), PrivateTmp= what is in /tmp: the service finds neither its program nor its files.',
    fix: 'Put the server into /srv and Node into /usr, or leave ProtectHome= and PrivateTmp= out',
    find: unit => {
      const isOn = (key: string, ...others: readonly string[]) =>
        isDynamic(unit) || unit.isTrue('Service', key) || others.includes(unit.value('Service', key) ?? '');
      const hidden = [
        ...(isOn('ProtectHome', 'tmpfs') ? ['/home/', '/root/', '/run/user/'] : []),
        ...(isOn('PrivateTmp', 'disconnected') ? ['/tmp/', '/var/tmp/'] : []),
      ];
      const command = commandOf(unit);
      const folder = unit.last('Service', 'WorkingDirectory');
      const candidates = [
        ...(command?.words ?? []).map(word => placeOf(command!.entry, word)),
        ...(folder === undefined ? [] : [placeOf(folder, folder.value)]),
      ];
      return candidates.filter(({ detail = '' }) => hidden.some(parent => `${detail}/`.startsWith(parent)));
    },
  },
  {
    id: 'service-open-files',
    severity: 'advice',
    what: 'LimitNOFILE= is not set to 4096 or more',
    why: 'Each open stream has a connection. Node raises the limit itself, but not under a filter of system calls.',
    fix: 'LimitNOFILE=65536',
    find: unit =>
      unless(unit, 'Service', 'LimitNOFILE', value => value === 'infinity' || Number(value.split(':')[0]) >= 4096),
  },
  {
    id: 'service-resources',
    severity: 'advice',
    what: 'There is no bound to what the service takes: {detail}',
    why: 'A tool that leaks takes the whole machine with it, the proxy included.',
    fix: 'MemoryMax=1G and TasksMax=512',
    find: unit => {
      const missing = ['MemoryMax', 'TasksMax'].filter(key => unit.last('Service', key) === undefined);
      return missing.length === 0 ? NONE : [{ detail: `${missing.join('= and ')}=` }];
    },
  },
];
