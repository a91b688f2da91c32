import { expect } from 'chai';
import fc from 'fast-check';
import { htmlToText, preview, textToHtml } from '../../src/values/html';

describe('HTML and plain text', () => {
  it('text as HTML says the same', () => {
    const word = fc.stringMatching(/^[a-z&<>"'äß;#-]{1,8}$/);
    const lines = fc.array(
      fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(' ')),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(lines, (list) => {
        expect(htmlToText(textToHtml(list.join('\n')))).to.equal(list.join('\n'));
      }),
    );
  });

  it('markup nested without end is cut, not followed until the stack is gone', () => {
    expect(htmlToText(`<p>Hello</p>${'<div>'.repeat(100_000)}deep`)).to.match(/^Hello/);
    expect(preview({ format: 'html', content: '<b>'.repeat(20_000) }, 10)).to.be.a('string');
  });

  it('text cannot become markup', () => {
    expect(textToHtml('<script>alert("1")</script>')).to.equal(
      '<html><body>&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;</body></html>',
    );
  });

  it('a preview has no links, no pictures and no line ends', () => {
    const content =
      '<h1>News</h1><img src="x.png" alt="x"><p>Read <a href="https://a.example/1">this</a>\n now https://b.example/2 please</p>';
    expect(preview({ format: 'html', content }, 100)).to.equal('News Read this now please');
  });

  it('a preview does not cut a character in two', () => {
    expect(preview({ format: 'text', content: 'ab😀' }, 3)).to.equal('ab');
  });
});
