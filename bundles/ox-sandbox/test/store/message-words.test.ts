import { expect } from 'chai';
import fc from 'fast-check';
import { like } from '../../src/modules/like';
import { Database } from '../../src/store/database';
import { wordsOfPattern } from '../../src/store/message-words';

const text = fc.string({
  unit: fc.constantFrom(...Array.from('aAbBcC "\'%_\\*?\nÄäßé😀')),
  minLength: 0,
  maxLength: 24,
});

describe('the index of words', () => {
  it('misses no message that holds the pattern', () => {
    using db = new Database(':memory:', () => 0);
    const insert = `INSERT INTO message (size, "from", "to", cc, bcc, priority, attachment, content_type, header_size,
      structure, headers, text) VALUES (0, '', '', '', '', 3, 0, 'text/plain', 0, '{}', '{}', ?)`;
    let found = 0;
    fc.assert(
      fc.property(text, fc.nat(8), fc.nat(12), (content, start, length) => {
        const pattern = Array.from(content)
          .slice(start, start + length)
          .join('')
          .toUpperCase();
        const { lastInsertRowid } = db.run(insert, content);
        const matches = db.value<number>(`SELECT ? LIKE ? ESCAPE '\\'`, content, like(pattern));
        const words = wordsOfPattern(pattern);
        if (words === undefined || matches !== 1) return;
        found++;
        const sql = 'SELECT count(*) FROM message_words WHERE message_words MATCH ? AND +rowid = ?';
        expect(db.value<number>(sql, words, lastInsertRowid), JSON.stringify([content, pattern, words])).to.equal(1);
      }),
      { numRuns: 3000 },
    );
    expect(found).to.be.greaterThan(100);
  });

  it('forgets what is deleted', () => {
    using db = new Database(':memory:', () => 0);
    db.run(`INSERT INTO message (id, size, "from", "to", cc, bcc, priority, attachment, content_type, header_size,
      structure, headers, text) VALUES (7, 0, '', '', '', '', 3, 0, 'text/plain', 0, '{}', '{}', 'needle')`);
    const sql = 'SELECT count(*) FROM message_words WHERE message_words MATCH ?';
    expect(db.value(sql, wordsOfPattern('needle') ?? '')).to.equal(1);
    db.run('DELETE FROM message WHERE id = 7');
    expect(db.value(sql, wordsOfPattern('needle') ?? '')).to.equal(0);
  });
});
