"""Names of credentials in other languages than English and Russian, and all names by the letters they hold."""

from __future__ import annotations

from typing import Final

from logaudit.core.secrets.kinds import NAMES, NameClass, SecretKind, SecretName, named

_PASSWORD: Final = (SecretKind.PASSWORD, NameClass.FOREIGN)
_SECRET: Final = (SecretKind.SECRET, NameClass.FOREIGN)
_PRIVATE: Final = (SecretKind.PRIVATE_KEY, NameClass.FOREIGN)
_API: Final = (SecretKind.API_KEY, NameClass.FOREIGN)
#: A mere word for "key" is also one of maps, levels and markets: its value must be random text.
_KEY: Final = (SecretKind.API_KEY, NameClass.KEY)
_TOKEN: Final = (SecretKind.TOKEN, NameClass.FOREIGN)
_WORDS: Final = (SecretKind.MNEMONIC, NameClass.WORDS)
_CODE: Final = (SecretKind.SECRET, NameClass.CODE)

#: Stems are in lower case; letters outside of ASCII stand in a text in either case.
ABROAD: Final = (
    # German, Dutch, the languages of Scandinavia, Finnish
    named("kennwort", r"kennwort", *_PASSWORD, glued=True),
    named("wachtwoord", r"wachtwoord", *_PASSWORD, glued=True),
    named("passord", r"passord", *_PASSWORD, glued=True),
    named("adgangskode", r"adgangskode", *_PASSWORD, glued=True),
    named("senord", r"l[öo]senord", *_PASSWORD, glued=True),
    named("salasana", r"salasana", *_PASSWORD, glued=True),
    named("geheimnis", r"geheimnis", *_SECRET, glued=True),
    named("schlüssel", r"(?:privater|privat)[ _-]?schlüssel", *_PRIVATE),
    named("schluessel", r"(?:privater|privat)[ _-]?schluessel", *_PRIVATE),
    named("schlüssel", r"(?:geheimer|geheim)[ _-]?schlüssel", *_SECRET),
    named("schluessel", r"(?:geheimer|geheim)[ _-]?schluessel", *_SECRET),
    named("schlüssel", r"(?:api|zugangs|zugriffs)[ _-]?schlüssel", *_API),
    named("schluessel", r"(?:api|zugangs|zugriffs)[ _-]?schluessel", *_API),
    named("schlüssel", r"schlüssel", *_KEY),
    named("schluessel", r"schluessel", *_KEY),
    named("sleutel", r"(?:geheime|priv[ée]|api)[ _-]?sleutel", *_SECRET),
    # Spanish, Portuguese, French, Italian
    named("contrase", r"contrase(?:ñ|n)a", *_PASSWORD),
    named("senha", r"senha", *_PASSWORD),
    named("mot de passe", r"mot de passe", *_PASSWORD),
    named("clave", r"clave[ _-]?privada", *_PRIVATE),
    named("clave", r"clave[ _-]?secreta", *_SECRET),
    named("clave", r"clave[ _-]?(?:(?:de )?(?:la )?api|de acceso)|api[ _-]clave", *_API),
    named("clave", r"clave", *_KEY),
    named("chave", r"chave[ _-]?privada", *_PRIVATE),
    named("chave", r"chave[ _-]?secreta", *_SECRET),
    named("chave", r"chave[ _-]?(?:(?:da |de )?api|de acesso)", *_API),
    named("chave", r"chave", *_KEY),
    named("chiave", r"chiave[ _-]?privata", *_PRIVATE),
    named("chiave", r"chiave[ _-]?segreta", *_SECRET),
    named("chiave", r"chiave[ _-]?(?:api|di accesso)", *_API),
    named("clé", r"clé[ _-]?priv[ée]e", *_PRIVATE),
    named("clé", r"clé[ _-]?secr[èe]te", *_SECRET),
    named("clé", r"clé[ _-]?(?:api|d[’']acc[èe]s)", *_API),
    named("clef", r"clef[ _-]?priv[ée]e", *_PRIVATE),
    named("clef", r"clef[ _-]?secr[èe]te", *_SECRET),
    named("clef", r"clef[ _-]?(?:api|d[’']acc[èe]s)", *_API),
    named("jeton", r"jeton[ _-]?(?:d[’']acc[èe]s|api)", *_TOKEN),
    named("parola", r"parola(?: d[’']ordine)?", *_PASSWORD),
    # Turkish, Polish, Czech
    named("şifre", r"şifre(?:si|niz)?", *_PASSWORD),
    named("sifre", r"sifre(?:si|niz)?", *_PASSWORD),
    named("anahtar", r"[öo]zel[ _-]?anahtar[ıi]?", *_PRIVATE),
    named("anahtar", r"gizli[ _-]?anahtar[ıi]?", *_SECRET),
    named("anahtar", r"(?:api|eri[şs]im)[ _-]?anahtar[ıi]?", *_API),
    named("hasł", r"hasło", *_PASSWORD),
    named("haslo", r"haslo", *_PASSWORD),
    named("heslo", r"heslo", *_PASSWORD),
    named("klucz", r"klucz[ _-]?prywatny", *_PRIVATE),
    named("klucz", r"(?:tajny|sekretny)[ _-]?klucz|klucz[ _-]?(?:tajny|sekretny)", *_SECRET),
    named("klucz", r"klucz[ _-]?api", *_API),
    # Vietnamese, Indonesian, Arabic
    named("mật kh", r"mật khẩu", *_PASSWORD),
    named("mat khau", r"mat khau", *_PASSWORD),
    named("kata sandi", r"kata sandi", *_PASSWORD),
    named("kunci", r"kunci (?:rahasia|api|privat\w?)", *_SECRET),
    named("كلمة", r"كلمة (?:المرور|السر)", *_PASSWORD, glued=True),
    named("مفتاح", r"(?:المفتاح|مفتاح) (?:السري|api)|مفتاح سري", *_SECRET, glued=True),
    # Ukrainian, beside what it shares with Russian
    named("таємн", r"таємн\w{1,3} ключ", *_SECRET),
    # Japanese, Korean, Chinese
    named("パスワード", r"パスワード", *_PASSWORD, glued=True),
    named("パスフレーズ", r"パスフレーズ", SecretKind.PASSPHRASE, NameClass.FOREIGN, glued=True),
    named("暗証番号", r"暗証番号", *_CODE, glued=True),
    named("密鍵", r"秘密鍵", *_PRIVATE, glued=True),
    named("シークレット", r"シークレット(?:キー)?", *_SECRET, glued=True),
    named("キー", r"api[ _-]?キー|アクセスキー", *_API, glued=True),
    named("トークン", r"(?:アクセス|api)トークン", *_TOKEN, glued=True),
    named("비밀번호", r"비밀번호", *_PASSWORD, glued=True),
    named("비밀", r"비밀 ?키|시크릿 ?키", *_SECRET, glued=True),
    named("개인", r"개인 ?키", *_PRIVATE, glued=True),
    named("키", r"api ?키", *_API, glued=True),
    named("토큰", r"(?:액세스|api|접근) ?토큰", *_TOKEN, glued=True),
    named("인증", r"인증 ?(?:번호|코드)", *_CODE, glued=True),
    named("密", r"密碼", *_PASSWORD, glued=True),
    named("鑰", r"(?:api )?密鑰|金鑰", *_SECRET, glued=True),
    named("私鑰", r"私鑰", *_PRIVATE, glued=True),
    named("助記詞", r"助記詞", *_WORDS, glued=True),
    named("权杖", r"权杖", *_TOKEN, glued=True),
    named("验证码", r"验证码", *_CODE, glued=True),
    named("驗證碼", r"驗證碼", *_CODE, glued=True),
)  # fmt: skip

_ALL: Final = (*NAMES, *ABROAD)
#: Of those with one stem the one that proves most comes first.
BY_STEM: Final = {
    stem: tuple(name for name in _ALL if name.stem == stem) for stem in dict.fromkeys(n.stem for n in _ALL)
}
#: Those that a text of ASCII alone may hold.
ASCII_STEMS: Final = tuple(filter(str.isascii, BY_STEM))


def spellings(names: tuple[SecretName, ...]) -> tuple[str, ...]:
    """Stems of the names, as they stand in a text of which only ASCII letters are in lower case."""
    stems = dict.fromkeys(name.stem for name in names)
    cases = (case for stem in stems for case in (stem, stem.upper(), stem.capitalize()))
    return tuple(dict.fromkeys("".join(c.lower() if c.isascii() else c for c in case) for case in cases))
