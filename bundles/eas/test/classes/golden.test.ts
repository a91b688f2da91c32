import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import type { ItemClass } from '@oxtender/bundle-api';
import { defaultItemOptions } from '../../src/classes';
import type { ProtocolVersion } from '../../src/protocol/versions';
import { printXml } from '../../src/wbxml';
import { applicationData, contextFor } from './context';
import * as items from './golden-items';

/** The XML files stand with the sources; the tests run compiled. `UPDATE_GOLDEN=1` writes them anew. */
const folder = resolve(__dirname, '../../../test/classes/golden');

const cases: readonly (readonly [keyof typeof items, ItemClass, ProtocolVersion])[] = [
  ['contact', 'Contacts', '2.5'],
  ['contact', 'Contacts', '16.1'],
  ['series', 'Calendar', '2.5'],
  ['series', 'Calendar', '14.1'],
  ['series', 'Calendar', '16.1'],
  ['holiday', 'Calendar', '12.1'],
  ['holiday', 'Calendar', '16.1'],
  ['task', 'Tasks', '12.1'],
  ['task', 'Tasks', '16.1'],
  ['note', 'Notes', '14.0'],
  ['message', 'Email', '2.5'],
  ['message', 'Email', '12.1'],
  ['message', 'Email', '16.1'],
  ['invitation', 'Email', '14.1'],
  ['invitation', 'Email', '16.1'],
];

describe('ApplicationData', () => {
  for (const [name, itemClass, version] of cases) {
    it(`of the ${name} in ${version} is as checked by hand`, () => {
      const bodyPreferences = [{ type: 2, truncationSize: 20 }];
      const context = contextFor(itemClass, version, { options: { ...defaultItemOptions, bodyPreferences } });
      const xml = printXml(applicationData(itemClass, items[name], context));
      const file = join(folder, `${name}-${version}.xml`);
      if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, xml);
      expect(xml).to.equal(readFileSync(file, 'utf8'));
    });
  }
});
