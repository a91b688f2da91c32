/** What the tables and their update tasks need; docs/database.md has the same. */
const needed = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'CREATE', 'ALTER', 'DROP', 'INDEX', 'REFERENCES'];

/**
 * Privileges on a database that a user lacks.
 *
 * @param grants - lines of SHOW GRANTS. A role among them may give anything: nothing is missing then
 */
export function missingPrivileges(grants: readonly string[], database: string): string[] {
  const given = new Set<string>();
  for (const grant of grants) {
    const parts = /^GRANT (.+?) ON (\S+)\.\* TO /.exec(grant);
    if (parts === null && /^GRANT \S+ TO /.test(grant)) return [];
    const [, privileges = '', scope = ''] = parts ?? [];
    if (!covers(scope, database)) continue;
    for (const privilege of privileges.split(',')) given.add(privilege.trim().toUpperCase());
  }
  return given.has('ALL PRIVILEGES') ? [] : needed.filter((privilege) => !given.has(privilege));
}

/** A database's name in a grant is a pattern: `%` is anything, `_` any character, `\_` itself. */
function covers(scope: string, database: string): boolean {
  if (scope === '*') return true;
  const pattern = scope.replace(/^`|`$/g, '').replaceAll('``', '`');
  const source = pattern.replace(/\\([%_])|([%_])|([^\w])/g, (_, literal: string, wildcard: string, other: string) => {
    if (wildcard) return wildcard === '%' ? '.*' : '.';
    return literal || `\\${other}`;
  });
  return new RegExp(`^${source}$`).test(database);
}
