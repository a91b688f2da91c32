'use strict';
/**
 * The public surface of a package, read from the declarations that the compiler wrote: one text per declaration, without
 * comments, its members apart. What is compared to tell whether a change breaks those who use it.
 */
const fs = require('node:fs');
const path = require('node:path');
const ts = require('typescript');

/**
 * @typedef {{ head: string, members: string[] }} Declaration the head begins with `@consumer` when those who use the
 *   package implement it; overloads of a function are members
 * @typedef {Map<string, Declaration>} Surface by kind and name of the export: a token and its interface share a name
 */

/** @returns {Surface} of an entry point, a .d.ts file */
function surfaceOf(entry) {
  const surface = new Map();
  for (const [name, nodes] of exportsOf(entry)) {
    for (const node of nodes) {
      const key = `${kindOf(node)} ${name}`;
      surface.set(key, declarationOf(node, surface.get(key)?.members));
    }
  }
  return new Map([...surface].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** @returns {Map<string, ts.Node[]>} declarations by exported name, followed over re-exports */
function exportsOf(file) {
  const source = ts.createSourceFile(file, fs.readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const found = new Map();
  const add = (name, nodes) => found.set(name, [...(found.get(name) ?? []), ...nodes]);
  for (const statement of source.statements) {
    if (ts.isExportDeclaration(statement) && statement.moduleSpecifier) {
      const target = exportsOf(resolve(file, statement.moduleSpecifier.text));
      const named = statement.exportClause;
      if (!named) for (const [name, nodes] of target) add(name, nodes);
      else for (const { name, propertyName } of named.elements) add(name.text, target.get((propertyName ?? name).text));
    } else if (isExported(statement)) {
      for (const node of ts.isVariableStatement(statement) ? statement.declarationList.declarations : [statement])
        add(node.name.text, [node]);
    }
  }
  return found;
}

function resolve(from, specifier) {
  const base = path.resolve(path.dirname(from), specifier).replace(/\.js$/, '');
  return [`${base}.d.ts`, path.join(base, 'index.d.ts')].find((candidate) => fs.existsSync(candidate));
}

const isExported = (node) => node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true;

const kinds = new Map([
  [ts.SyntaxKind.InterfaceDeclaration, 'interface'],
  [ts.SyntaxKind.ClassDeclaration, 'class'],
  [ts.SyntaxKind.TypeAliasDeclaration, 'type'],
  [ts.SyntaxKind.FunctionDeclaration, 'function'],
  [ts.SyntaxKind.VariableDeclaration, 'const'],
  [ts.SyntaxKind.EnumDeclaration, 'enum'],
]);

const kindOf = (node) => kinds.get(node.kind) ?? 'declaration';

/** @returns {Declaration} */
function declarationOf(node, overloads = []) {
  const text = textOf(node);
  if (ts.isFunctionDeclaration(node)) return { head: `function ${node.name.text}`, members: [...overloads, text] };
  if (!node.members) return { head: text, members: [] };
  const mark = ts.getJSDocTags(node).some(({ tagName }) => tagName.text === 'consumer') ? '@consumer ' : '';
  const head = mark + text.slice(0, text.indexOf('{')).trim();
  return { head, members: node.members.filter(isPublic).map(textOf) };
}

function isPublic(member) {
  const hidden = [ts.SyntaxKind.PrivateKeyword];
  if (member.modifiers?.some(({ kind }) => hidden.includes(kind))) return false;
  if (member.name && ts.isPrivateIdentifier(member.name)) return false;
  return !ts.getJSDocTags(member).some(({ tagName }) => tagName.text === 'internal');
}

const printer = ts.createPrinter({ removeComments: true });

function textOf(node) {
  const text = printer.printNode(ts.EmitHint.Unspecified, node, node.getSourceFile());
  return text
    .replace(/^export (declare )?/, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** @param {Surface} surface @returns what {@link parseSurface} reads, and reviewers too */
function printSurface(surface) {
  const blocks = [...surface.values()].map(({ head, members }) =>
    members.length === 0 ? head : [`${head} {`, ...members.map((member) => `  ${member}`), '}'].join('\n'),
  );
  return blocks.join('\n');
}

/** @returns {Surface} */
function parseSurface(text) {
  const surface = new Map();
  let current;
  for (const line of text.split('\n')) {
    if (line.startsWith('  ')) current.members.push(line.trim());
    else if (line !== '}' && line !== '') {
      current = { head: line.replace(/ \{$/, ''), members: [] };
      surface.set(nameOf(current.head), current);
    }
  }
  return surface;
}

const nameOf = (head) => {
  const [, kind = 'const', name] = /^(?:@consumer )?(?:abstract )?(interface|class|type|function|enum)? ?(\w+)/.exec(
    head,
  );
  return `${kind} ${name}`;
};

/**
 * What a change means to those who use the package: a member more in what they implement breaks them, in what they call
 * it does not.
 *
 * @param {Surface} before
 * @param {Surface} after
 * @returns {{ breaking: string[], additions: string[] }}
 */
function compare(before, after) {
  const breaking = [];
  const additions = [];
  for (const [name, old] of before) {
    const now = after.get(name);
    if (!now) breaking.push(`${name} is gone`);
    else compareDeclarations(name, old, now, { breaking, additions });
  }
  for (const name of after.keys()) if (!before.has(name)) additions.push(`${name} is new`);
  return { breaking, additions };
}

function compareDeclarations(name, old, now, { breaking, additions }) {
  if (old.head !== now.head) breaking.push(`${name} was: ${old.head}, is: ${now.head}`);
  const [before, after] = [old, now].map(({ members }) => byKey(members));
  for (const [key, text] of before) {
    if (!after.has(key)) breaking.push(`${name}: ${text} is gone`);
    else if (after.get(key) !== text) breaking.push(`${name}: was ${text}, is ${after.get(key)}`);
  }
  for (const [key, text] of after) {
    if (before.has(key)) continue;
    const demanded = now.head.startsWith('@consumer') && !/^[^(:]*\?/.test(text);
    if (demanded) breaking.push(`${name}: whoever implements it must add ${text}`);
    else additions.push(`${name}: ${text} is new`);
  }
}

/** Members by name; of overloads also by number. */
function byKey(members) {
  const found = new Map();
  for (const text of members) {
    const [name] = /^(?:(?:readonly|static|protected|abstract|get|set|function) )*[^?(:<;=]+/.exec(text);
    let key = name.replace(/readonly /, '').trim();
    while (found.has(key)) key += '+';
    found.set(key, text);
  }
  return found;
}

/**
 * The lowest version that may follow. Below 1.0.0 a minor version breaks and a patch adds, as npm's ranges have it.
 *
 * @param {{ breaking: string[], additions: string[] }} changes
 */
function versionAfter(version, { breaking, additions }) {
  const [major, minor, patch] = version.split('.').map(Number);
  if (breaking.length > 0) return major > 0 ? `${major + 1}.0.0` : `0.${minor + 1}.0`;
  if (additions.length > 0) return major > 0 ? `${major}.${minor + 1}.0` : `0.${minor}.${patch + 1}`;
  return version;
}

module.exports = { surfaceOf, printSurface, parseSurface, compare, versionAfter };
