import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { type Catalog, en } from './en.ts'
import { ko } from './ko.ts'

export type Language = 'en' | 'ko'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'page'
    resources: { page: Catalog }
  }
}

/** Makes the catalogs ready. Both are in the first load: together they weigh less than one icon set. */
export async function startLanguages(language: Language): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    ns: ['page'],
    defaultNS: 'page',
    resources: { en: { page: en }, ko: { page: ko } },
    interpolation: { escapeValue: false }, // React escapes.
  })
  speak(language)
}

/** Changes the language of the page, `lang` of the document included: fonts and line breaks follow it. */
export function speak(language: Language): void {
  document.documentElement.lang = language
  if (i18next.language !== language) void i18next.changeLanguage(language)
}
