import type { ParticipationStatus } from '@oxtender/bundle-api';

/** What begins the subject of an answer. */
type AnswerWord = Exclude<ParticipationStatus, 'none'> | 'proposed';

const order = ['accepted', 'tentative', 'declined', 'proposed'] as const satisfies readonly AnswerWord[];

const english = ['Accepted', 'Tentative', 'Declined', 'New Time Proposed'];

/** By language, in the {@link order} above, as mail programs write them. */
const words = new Map(
  Object.entries({
    cs: ['Přijato', 'Nezávazně', 'Odmítnuto', 'Navržen nový čas'],
    da: ['Accepteret', 'Foreløbig', 'Afslået', 'Nyt tidspunkt foreslået'],
    de: ['Zugesagt', 'Mit Vorbehalt', 'Abgelehnt', 'Neue Zeit vorgeschlagen'],
    es: ['Aceptada', 'Provisional', 'Rechazada', 'Nueva hora propuesta'],
    fi: ['Hyväksytty', 'Alustava', 'Hylätty', 'Uusi aika ehdotettu'],
    fr: ['Accepté', 'Provisoire', 'Refusé', 'Nouvelle heure proposée'],
    hu: ['Elfogadva', 'Feltételes', 'Elutasítva', 'Új időpont javasolva'],
    it: ['Accettata', 'Provvisoria', 'Rifiutata', 'Nuovo orario proposto'],
    ja: ['承諾', '仮承諾', '辞退', '新しい日時の提案'],
    nb: ['Godtatt', 'Foreløpig', 'Avslått', 'Nytt tidspunkt foreslått'],
    nl: ['Geaccepteerd', 'Voorlopig', 'Geweigerd', 'Nieuwe tijd voorgesteld'],
    pl: ['Zaakceptowano', 'Wstępnie', 'Odrzucono', 'Zaproponowano nowy termin'],
    pt: ['Aceito', 'Provisório', 'Recusado', 'Novo horário proposto'],
    ru: ['Принято', 'Под вопросом', 'Отклонено', 'Предложено новое время'],
    sk: ['Prijaté', 'Nezáväzne', 'Odmietnuté', 'Navrhnutý nový čas'],
    sv: ['Accepterat', 'Preliminärt', 'Avböjt', 'Ny tid föreslagen'],
    zh: ['已接受', '暂定', '已拒绝', '建议新时间'],
  }),
);

/** @param locale - of the user: `de_DE`, `fr`; English for a language that is not listed */
export function answerWord(answer: AnswerWord, locale: string): string {
  const language = locale.split(/[_-]/, 1)[0]?.toLowerCase() ?? '';
  return (words.get(language) ?? english)[order.indexOf(answer)] ?? '';
}
