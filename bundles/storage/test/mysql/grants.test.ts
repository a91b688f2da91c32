import { expect } from 'chai';
import { missingPrivileges } from '../../src/mysql/grants';

const all = 'SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES';

describe('missingPrivileges', () => {
  const cases: readonly (readonly [name: string, grants: readonly string[], missing: readonly string[]])[] = [
    ['all of the server', ['GRANT ALL PRIVILEGES ON *.* TO `root`@`%` WITH GRANT OPTION'], []],
    ['all of the database', ['GRANT USAGE ON *.* TO `o`@`%`', 'GRANT ALL PRIVILEGES ON `ox_1`.* TO `o`@`%`'], []],
    ['what the page says', [`GRANT ${all} ON \`ox_1\`.* TO \`o\`@\`%\``], []],
    ['a pattern', ['GRANT ALL PRIVILEGES ON `o%`.* TO `o`@`%`'], []],
    ['escaped', ['GRANT ALL PRIVILEGES ON `ox\\_1`.* TO `o`@`%`'], []],
    [
      'of two databases',
      [`GRANT SELECT ON *.* TO \`o\`@\`%\``, `GRANT ${all.replace('INDEX', 'EVENT')} ON \`ox_1\`.* TO o`],
      ['INDEX'],
    ],
    ['another database', ['GRANT ALL PRIVILEGES ON `ox\\_2`.* TO `o`@`%`'], all.split(', ')],
    ['one table', [`GRANT ${all} ON \`ox_1\`.\`version\` TO \`o\`@\`%\``], all.split(', ')],
    ['a role, which may give anything', ['GRANT `writer`@`%` TO `o`@`%`', 'GRANT USAGE ON *.* TO `o`@`%`'], []],
  ];
  for (const [name, grants, missing] of cases)
    it(`knows ${name}`, () => expect(missingPrivileges(grants, 'ox_1')).to.deep.equal(missing));
});
