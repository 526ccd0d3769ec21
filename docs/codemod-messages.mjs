import { migrationSkipMessages, skipMessages } from '@holdfast/codemods';

/**
 * What each reason for leaving a call alone says, in the codemod of a folder of fixtures.
 *
 * @param {string} folder
 * @returns {Readonly<Record<string, string>>}
 */
export function messagesFor(folder) {
  return folder.includes('fixtures/migrate/') ? migrationSkipMessages : skipMessages;
}
