import { expect } from 'chai';
import { answerWord } from '../../../src/mail/itip/answer-words';

describe('the word that begins the subject of an answer', () => {
  it('is of the language of the user, and English where it is not known', () => {
    const said = ['de_DE', 'fr', 'pt-BR', 'en_US', 'tlh_001', ''].map((locale) => answerWord('declined', locale));
    expect(said).to.deep.equal(['Abgelehnt', 'Refusé', 'Recusado', 'Declined', 'Declined', 'Declined']);
    expect(answerWord('proposed', 'de_AT')).to.equal('Neue Zeit vorgeschlagen');
  });
});
