"""Who gets what at every address, written down once: the tables that test_access.py holds the project to.

A cell is a status, or the name of the place (PLACES) that somebody is sent on to. A + says that something is saved;
wherever there is none, nothing is.
"""

PLACES = {
    "latest": "/scorecards/panel/",
    "december": "/scorecards/panel/2020-12/",
    "january": "/scorecards/panel/2021-01/",
    "home": "/",
    "work": "/your-work/",
    "return": "/returns/panel/2021-01/",
    "checked": "/returns/panel/2021-01/?check=1",
    "sign-off": "/sign-off/panel/2021-01/",
    "collect": "/collection/panel/2021-01/",
    "publish": "/collection/panel/2021-01/publish/",
    "february": "/collection/panel/2021-02/",
    "overview": "/collection/panel/2021-01/overview/",
    "new": "/scorecards/panel/questions/{new}/",
    "asked": "/scorecards/panel/questions/{asked}/",
    "edit": "/scorecards/panel/edit/",
    "board": "/scorecards/another-board/edit/",
    "people": "/people/",
    "person": "/people/{someone}/",
    "year": "/scorecards/panel/new-year/?year=2021",
    "gone": "/signed-out/",
    "own-page": "/password-change/",
    "admin": "/admin/",
    "sign-in-page": "/sign-in/",
    "start": "/start/",
    "own": "/your-sign-in/",
    "again": "/your-sign-in/again/",
    "council": "/setup/council/",
    "groups": "/setup/council/groups/",
    "glossary": "/setup/council/glossary/",
    "moving": "/setup/move/",
    "texts": "/collection/panel/2021-01/public-texts/",
    "withheld": "/scorecards/panel/withheld/{withheld}/",
}
# Where somebody signs in first, and then goes on to the address they asked for.
SIGN_IN = {"sign-in": "sign-in", "admin/login": "admin-in"}

# December is published, January is collected and what was entered has been sent. {a1} is the reporter's line, {area}
# an area of focus with the update {noted}, {asked} a question for the owner with the update {answered}; {withheld} is a
# text of December that another officer has taken back.
GET = """
#                                               visitor  reporter other    deputy   owner    other    panel    officer
#                                                                 reporter                   owner    member
/                                               200      latest   latest   latest   latest   latest   latest   latest
/start/                                         sign-in  work     work     work     work     sign-off home     work
/your-work/                                     sign-in  200      200      200      200      200      200      200
/sign-in/                                       200      200      200      200      200      200      200      200
/sign-in/organisation/                          405      405      405      405      405      405      405      405
/sign-in/organisation/return/                   404      404      404      404      404      404      404      404
/sign-in/link/x/                                200      200      200      200      200      200      200      200
/sign-out/                                      405      405      405      405      405      405      405      405
/scorecards/panel/                              sign-in  december december december december december december january
/scorecards/panel/?month=2021-01                sign-in  404      404      404      404      404      404      january
/scorecards/panel/2020-12/                      sign-in  200      200      200      200      200      200      200
/scorecards/panel/2021-01/                      sign-in  404      404      404      404      404      404      200
/scorecards/panel/archive/                      sign-in  200      200      200      200      200      200      200
/scorecards/panel/compare/                      sign-in  200      200      200      200      200      200      200
/scorecards/panel/compare/?later=2021-01        sign-in  422      422      422      422      422      422      422
/scorecards/panel/2020-12/report.csv            sign-in  200      200      200      200      200      200      200
/scorecards/panel/2021-01/report.csv            sign-in  404      404      404      404      404      404      200
/scorecards/panel/2021-01/report.json           sign-in  404      404      404      404      404      404      200
/scorecards/panel/2020-12/publications/1/       sign-in  200      200      200      200      200      200      200
/scorecards/panel/2020-12/publications/2/       sign-in  404      404      404      404      404      404      404
/scorecards/panel/2021-01/publications/1/       sign-in  404      404      404      404      404      404      404
/scorecards/panel/2020-12/publications/1/report.csv  sign-in  200  200  200  200  200  200  200
/scorecards/panel/2021-01/publications/1/report.csv  sign-in  404  404  404  404  404  404  404
/signed-out/                                    200      home     home     home     home     home     home     home
/revisions-policy/                              200      200      200      200      200      200      200      200
/robots.txt                                     200      200      200      200      200      200      200      200
/favicon.ico                                    200      200      200      200      200      200      200      200
/accessibility/                                 200      200      200      200      200      200      200      200
/accessibility/criteria/                        200      200      200      200      200      200      200      200
/privacy/                                       200      200      200      200      200      200      200      200
/cookies/                                       200      200      200      200      200      200      200      200
/contact/                                       200      200      200      200      200      200      200      200
/release-practice/                              200      200      200      200      200      200      200      200
/confidentiality/                               200      200      200      200      200      200      200      200
/password-reset/                                200      200      200      200      200      200      200      200
/password-reset/sent/                           200      200      200      200      200      200      200      200
/password-reset/x/y/                            200      200      200      200      200      200      200      200
/invitation/x/y/                                200      200      200      200      200      200      200      200
/password-reset/done/                           200      200      200      200      200      200      200      200
/password-change/                               sign-in  200      200      200      200      200      200      200
/password-change/done/                          sign-in  200      200      200      200      200      200      200
/sign-in/second-factor/                         sign-in-page start start   start    start    start    start    start
/your-sign-in/                                  sign-in  200      200      200      200      200      200      200
/your-sign-in/sessions/end/                     sign-in  405      405      405      405      405      405      405
/your-sign-in/again/                            sign-in  200      200      200      200      200      200      200
/your-sign-in/again/code/                       sign-in  again    again    again    again    again    again    again
/your-sign-in/again/passkey/                    sign-in  again    again    again    again    again    again    again
/your-sign-in/again/elsewhere/                  sign-in  home     home     home     home     home     home     home
/your-sign-in/app/add/                          sign-in  200      200      200      200      200      200      200
/your-sign-in/app/remove/                       sign-in  404      404      404      404      404      404      404
/your-sign-in/passkeys/add/                     sign-in  200      200      200      200      200      200      200
/your-sign-in/passkeys/1/remove/                sign-in  404      404      404      404      404      404      404
/your-sign-in/recovery-codes/                   sign-in  404      404      404      404      404      404      404
/your-sign-in/recovery-codes/new/               sign-in  200      200      200      200      200      200      200
/people/                                        sign-in  403      403      403      403      403      403      200
/people/add/                                    sign-in  403      403      403      403      403      403      200
/people/invite/                                 sign-in  405      405      405      405      405      405      405
/people/{someone}/                              sign-in  403      403      403      403      403      403      200
/people/{someone}/leave/                        sign-in  403      403      403      403      403      403      200
/people/{someone}/second-factors/               sign-in  403      403      403      403      403      403      200
/scorecards/panel/2020-12/indicators/{a1}/            sign-in  200  200  200  200  200  200  200
/scorecards/panel/2021-01/indicators/{a1}/            sign-in  404  404  404  404  404  404  200
/scorecards/panel/2020-12/indicators/{a1}/chart.json  sign-in  200  200  200  200  200  200  200
/scorecards/panel/2021-01/indicators/{a1}/chart.json  sign-in  404  404  404  404  404  404  200
/scorecards/panel/2020-12/indicators/{a1}/figures.csv sign-in  200  200  200  200  200  200  200
/scorecards/panel/2021-01/indicators/{a1}/figures.csv sign-in  404  404  404  404  404  404  200
/returns/panel/2021-01/                         sign-in  200      200      200      403      403      403      200
/returns/panel/2021-01/?for=reporter            sign-in  200      403      200      403      403      403      200
/returns/panel/2021-01/paste/                   sign-in  200      200      200      403      403      403      200
/returns/panel/2021-01/lines/{a1}/              405      405      405      405      405      405      405      405
/returns/panel/2021-01/lines/{a1}/history/      sign-in  200      403      200      200      403      403      200
/sign-off/panel/2021-01/                        sign-in  403      403      403      200      200      403      200
/editions/                                      sign-in  403      403      403      403      403      403      200
/editions/panel/open/                           sign-in  403      403      403      403      403      403      200
/setup/spreadsheets/                            sign-in  403      403      403      403      403      403      200
/setup/spreadsheets/1/                          sign-in  403      403      403      403      403      403      404
/setup/spreadsheets/1/sheet/                    sign-in  403      403      403      403      403      403      404
/setup/spreadsheets/1/columns/                  sign-in  403      403      403      403      403      403      404
/setup/spreadsheets/1/texts/                    sign-in  403      403      403      403      403      403      404
/setup/spreadsheets/1/indicators/               sign-in  403      403      403      403      403      403      404
/setup/spreadsheets/1/people/                   sign-in  403      403      403      403      403      403      404
/setup/spreadsheets/1/comparators/              sign-in  403      403      403      403      403      403      404
/setup/spreadsheets/1/audit/                    sign-in  403      403      403      403      403      403      404
/setup/spreadsheets/1/audit.csv                 sign-in  403      403      403      403      403      403      404
/setup/spreadsheets/1/discard/                  sign-in  403      403      403      403      403      403      404
/setup/spreadsheets/1/scorecard/                sign-in  403      403      403      403      403      403      404
/setup/spreadsheets/1/preview/                  sign-in  403      403      403      403      403      403      404
/setup/spreadsheets/1/create/                   sign-in  405      405      405      405      405      405      405
/setup/spreadsheets/1/receipt/                  sign-in  403      403      403      403      403      403      404
/setup/spreadsheets/1/receipt.xlsx              sign-in  403      403      403      403      403      403      404
/setup/spreadsheets/1/undo/                     sign-in  403      403      403      403      403      403      404
/setup/spreadsheets/1/first-month/              sign-in  403      403      403      403      403      403      404
/setup/                                         sign-in  403      403      403      403      403      403      200
/setup/templates/                               sign-in  403      403      403      403      403      403      200
/setup/templates/childrens/                     sign-in  403      403      403      403      403      403      200
/setup/move/                                    sign-in  403      403      403      403      403      403      200
/setup/move/preview/                            sign-in  403      403      403      403      403      403      moving
/setup/move/export/                             sign-in  405      405      405      405      405      405      405
/security-log/                                  sign-in  403      403      403      403      403      403      200
/security-log/events.csv                        sign-in  403      403      403      403      403      403      200
/collection/panel/2021-01/                      sign-in  403      403      403      403      403      403      200
/collection/panel/2021-01/move/in_review/       sign-in  403      403      403      403      403      403      200
/collection/panel/2021-01/publish/              sign-in  403      403      403      403      403      403      collect
/collection/panel/2020-12/revise/               sign-in  403      403      403      403      403      403      200
/collection/panel/2020-12/correct/              sign-in  403      403      403      403      403      403      200
/collection/panel/2020-12/correct/{a1}/         sign-in  403      403      403      403      403      403      200
/collection/panel/2021-01/correct/              sign-in  403      403      403      403      403      403      return
/collection/panel/2021-01/correct/{a1}/         sign-in  403      403      403      403      403      403      return
/collection/panel/2021-01/public-texts/         sign-in  403      403      403      403      403      403      200
/collection/panel/2021-01/relations/            sign-in  405      405      405      405      405      405      405
/scorecards/panel/public/                       sign-in  403      403      403      403      403      403      200
/scorecards/panel/public/revisions/             sign-in  403      403      403      403      403      403      200
/scorecards/panel/edit/                         sign-in  403      403      403      403      403      403      200
/scorecards/panel/edit/details/                 sign-in  403      403      403      403      403      403      200
/scorecards/panel/edit/new-indicator/           sign-in  403      403      403      403      403      403      200
/setup/scorecards/new/                          sign-in  403      403      403      403      403      403      200
/scorecards/panel/new-year/                     sign-in  403      403      403      403      403      403      200
/scorecards/panel/2020-12/publications/1/take-back/  sign-in  403      403      403      403      403      403      200
/scorecards/panel/withheld/                     sign-in  200      200      200      200      200      200      200
/scorecards/panel/withheld/{withheld}/          sign-in  403      403      403      403      403      403      200
/collection/panel/2021-01/public/               sign-in  403      403      403      403      403      403      200
/collection/panel/2021-01/public/indicators/{a1}/                      sign-in  403  403  403  403  403  403  200
/collection/panel/2021-01/public/indicators/{a1}/chart.json            sign-in  403  403  403  403  403  403  200
/collection/panel/2021-01/public/indicators/{a1}/figures.csv           sign-in  403  403  403  403  403  403  200
/collection/panel/2021-01/remind/               sign-in  405      405      405      405      405      405      405
/collection/panel/2021-01/remind/reporter/      sign-in  405      405      405      405      405      405      405
/collection/panel/2021-01/hand-over/reporter/   sign-in  403      403      403      403      403      403      200
/collection/panel/2021-01/overview/             sign-in  403      403      403      403      403      403      200
/collection/panel/2020-12/overview/             sign-in  403      403      403      403      403      403      200
/collection/panel/2021-01/overview/areas/new/   sign-in  403      403      403      403      403      403      200
/collection/panel/2021-01/overview/areas/order/                     sign-in  405  405  405  405  405  405  405
/collection/panel/2021-01/overview/areas/{area}/                    sign-in  403  403  403  403  403  403  200
/collection/panel/2021-01/overview/areas/{area}/close/              sign-in  405  405  405  405  405  405  405
/collection/panel/2021-01/overview/areas/{area}/updates/new/        sign-in  403  403  403  403  403  403  200
/collection/panel/2021-01/overview/areas/{area}/updates/{noted}/    sign-in  403  403  403  403  403  403  200
/scorecards/panel/questions/                    sign-in  200      200      200      200      200      200      200
/scorecards/panel/questions/new/                sign-in  403      403      403      403      403      200      200
/scorecards/panel/questions/{asked}/            sign-in  200      200      200      200      200      200      200
/scorecards/panel/questions/{asked}/updates/{answered}/  sign-in  403  403  403  200  403  403  200
/setup/council/                                 sign-in  403      403      403      403      403      403      200
/setup/council/name/                            sign-in  403      403      403      403      403      403      200
/setup/council/logo/                            sign-in  403      403      403      403      403      403      200
/setup/council/colours/                         sign-in  403      403      403      403      403      403      200
/setup/council/words/                           sign-in  403      403      403      403      403      403      200
/setup/council/contact/                         sign-in  403      403      403      403      403      403      200
/setup/council/privacy/                         sign-in  403      403      403      403      403      403      200
/setup/council/statements/                      sign-in  403      403      403      403      403      403      200
/setup/council/beginning/                       sign-in  403      403      403      403      403      403      200
/setup/council/groups/                          sign-in  403      403      403      403      403      403      200
/setup/council/groups/new/                      sign-in  403      403      403      403      403      403      200
/setup/council/groups/{group}/                  sign-in  403      403      403      403      403      403      200
/setup/council/glossary/                        sign-in  403      403      403      403      403      403      200
/setup/council/glossary/new/                    sign-in  403      403      403      403      403      403      200
/setup/council/glossary/{entry}/                sign-in  403      403      403      403      403      403      200
/setup/council/logo/remove/                     sign-in  405      405      405      405      405      405      405
/setup/council/groups/{group}/delete/           sign-in  405      405      405      405      405      405      405
/setup/council/groups/{group}/move/             sign-in  405      405      405      405      405      405      405
/setup/council/glossary/{entry}/delete/         sign-in  405      405      405      405      405      405      405
/look/0b4a5a/x.css                              200      200      200      200      200      200      200      200
/look/logo/x.png                                404      404      404      404      404      404      404      404
"""

# With nothing in it; what can be done by posting follows below.
POST = """
#                                               visitor  reporter other    deputy   owner    other    panel    officer
#                                                                 reporter                   owner    member
/                                               405      405      405      405      405      405      405      405
/start/                                         sign-in  405      405      405      405      405      405      405
/your-work/                                     sign-in  405      405      405      405      405      405      405
/sign-in/                                       200      200      200      200      200      200      200      200
/sign-in/organisation/                          404      404      404      404      404      404      404      404
/sign-in/organisation/return/                   405      405      405      405      405      405      405      405
/sign-in/link/x/                                200      200      200      200      200      200      200      200
/sign-out/                                      gone     gone     gone     gone     gone     gone     gone     gone
/scorecards/panel/                              405      405      405      405      405      405      405      405
/scorecards/panel/archive/                      405      405      405      405      405      405      405      405
/scorecards/panel/compare/                      405      405      405      405      405      405      405      405
/scorecards/panel/2020-12/                      405      405      405      405      405      405      405      405
/scorecards/panel/2020-12/report.csv            405      405      405      405      405      405      405      405
/scorecards/panel/2020-12/publications/1/       405      405      405      405      405      405      405      405
/scorecards/panel/2020-12/publications/1/report.csv  405  405  405  405  405  405  405  405
/signed-out/                                    405      405      405      405      405      405      405      405
/revisions-policy/                              405      405      405      405      405      405      405      405
/robots.txt                                     405      405      405      405      405      405      405      405
/favicon.ico                                    405      405      405      405      405      405      405      405
/accessibility/                                 405      405      405      405      405      405      405      405
/accessibility/criteria/                        405      405      405      405      405      405      405      405
/privacy/                                       405      405      405      405      405      405      405      405
/cookies/                                       405      405      405      405      405      405      405      405
/contact/                                       405      405      405      405      405      405      405      405
/release-practice/                              405      405      405      405      405      405      405      405
/confidentiality/                               405      405      405      405      405      405      405      405
/password-reset/                                200      200      200      200      200      200      200      200
/password-reset/sent/                           405      405      405      405      405      405      405      405
/password-reset/x/y/                            200      200      200      200      200      200      200      200
/invitation/x/y/                                200      200      200      200      200      200      200      200
/password-change/                               sign-in  200      200      200      200      200      200      200
/password-change/done/                          sign-in  405      405      405      405      405      405      405
/sign-in/second-factor/                         sign-in-page start start   start    start    start    start    start
/your-sign-in/                                  sign-in  405      405      405      405      405      405      405
/your-sign-in/sessions/end/                     sign-in  own      own      own      own      own      own      own
/your-sign-in/again/                            sign-in  200      200      200      200      200      200      200
/your-sign-in/again/code/                       sign-in  again    again    again    again    again    again    again
/your-sign-in/again/passkey/                    sign-in  again    again    again    again    again    again    again
/your-sign-in/again/elsewhere/                  sign-in  405      405      405      405      405      405      405
/your-sign-in/app/add/                          sign-in  200      200      200      200      200      200      200
/your-sign-in/app/remove/                       sign-in  404      404      404      404      404      404      404
/your-sign-in/passkeys/add/                     sign-in  200      200      200      200      200      200      200
/your-sign-in/passkeys/1/remove/                sign-in  404      404      404      404      404      404      404
/your-sign-in/recovery-codes/                   sign-in  405      405      405      405      405      405      405
/your-sign-in/recovery-codes/new/               sign-in  200      200      200      200      200      200      200
/people/                                        sign-in  405      405      405      405      405      405      405
/people/add/                                    sign-in  403      403      403      403      403      403      422
/people/invite/                                 sign-in  403      403      403      403      403      403      people
/people/{someone}/                              sign-in  403      403      403      403      403      403      person
/people/{someone}/leave/                        sign-in  403      403      403      403      403      403      422
/people/{someone}/second-factors/               sign-in  403      403      403      403      403      403      422
/scorecards/panel/2020-12/indicators/{a1}/            405  405  405  405  405  405  405  405
/scorecards/panel/2020-12/indicators/{a1}/chart.json  sign-in  405  405  405  405  405  405  405
/scorecards/panel/2020-12/indicators/{a1}/figures.csv 405  405  405  405  405  405  405  405
/returns/panel/2021-01/paste/                   sign-in  422      422      422      403      403      403      422
/returns/panel/2021-01/lines/{a1}/history/      sign-in  405      405      405      405      405      405      405
/editions/                                      sign-in  405      405      405      405      405      405      405
/setup/spreadsheets/                            sign-in  403      403      403      403      403      403      422
/setup/spreadsheets/1/                          sign-in  405      405      405      405      405      405      405
/setup/spreadsheets/1/sheet/                    sign-in  403      403      403      403      403      403      404
/setup/spreadsheets/1/columns/                  sign-in  403      403      403      403      403      403      404
/setup/spreadsheets/1/texts/                    sign-in  403      403      403      403      403      403      404
/setup/spreadsheets/1/indicators/               sign-in  403      403      403      403      403      403      404
/setup/spreadsheets/1/people/                   sign-in  403      403      403      403      403      403      404
/setup/spreadsheets/1/comparators/              sign-in  403      403      403      403      403      403      404
/setup/spreadsheets/1/audit/                    sign-in  403      403      403      403      403      403      404
/setup/spreadsheets/1/audit.csv                 sign-in  405      405      405      405      405      405      405
/setup/spreadsheets/1/discard/                  sign-in  403      403      403      403      403      403      404
/setup/spreadsheets/1/scorecard/                sign-in  403      403      403      403      403      403      404
/setup/spreadsheets/1/preview/                  sign-in  405      405      405      405      405      405      405
/setup/spreadsheets/1/create/                   sign-in  403      403      403      403      403      403      404
/setup/spreadsheets/1/receipt/                  sign-in  405      405      405      405      405      405      405
/setup/spreadsheets/1/receipt.xlsx              sign-in  405      405      405      405      405      405      405
/setup/spreadsheets/1/undo/                     sign-in  403      403      403      403      403      403      404
/setup/spreadsheets/1/first-month/              sign-in  403      403      403      403      403      403      404
/setup/                                         sign-in  405      405      405      405      405      405      405
/setup/move/                                    sign-in  403      403      403      403      403      403      422
/setup/move/preview/                            sign-in  403      403      403      403      403      403      moving
/setup/move/export/                             sign-in  403      403      403      403      403      403      200
/security-log/                                  sign-in  405      405      405      405      405      405      405
/security-log/events.csv                        sign-in  405      405      405      405      405      405      405
/collection/panel/2021-01/                      sign-in  405      405      405      405      405      405      405
/collection/panel/2021-01/public-texts/         sign-in  403      403      403      403      403      403      422
/collection/panel/2020-12/correct/              sign-in  405      405      405      405      405      405      405
/collection/panel/2020-12/correct/{a1}/         sign-in  403      403      403      403      403      403      422
/collection/panel/2021-01/relations/            sign-in  403      403      403      403      403      403      publish
/scorecards/panel/public/                       sign-in  403      403      403      403      403      403      422
/scorecards/panel/public/revisions/             sign-in  403      403      403      403      403      403      422
/scorecards/panel/edit/                         sign-in  403      403      403      403      403      403      422
/scorecards/panel/edit/details/                 sign-in  403      403      403      403      403      403      422
/scorecards/panel/edit/new-indicator/           sign-in  403      403      403      403      403      403      422
/setup/templates/                               sign-in  405      405      405      405      405      405      405
/setup/templates/childrens/                     sign-in  403      403      403      403      403      403      200
/setup/scorecards/new/                          sign-in  403      403      403      403      403      403      422
/scorecards/panel/new-year/                     sign-in  403      403      403      403      403      403      year
/scorecards/panel/2020-12/publications/1/take-back/  sign-in  403      403      403      403      403      403      422
/scorecards/panel/withheld/                     405      405      405      405      405      405      405      405
/scorecards/panel/withheld/{withheld}/          sign-in  403      403      403      403      403      403      withheld
/collection/panel/2021-01/public/               405      405      405      405      405      405      405      405
/collection/panel/2021-01/public/indicators/{a1}/                      405  405  405  405  405  405  405  405
/collection/panel/2021-01/public/indicators/{a1}/chart.json            sign-in  403  403  403  403  403  403  405
/collection/panel/2021-01/public/indicators/{a1}/figures.csv           405  405  405  405  405  405  405  405
/collection/panel/2021-01/overview/             sign-in  403      403      403      403      403      403      422
/collection/panel/2021-01/overview/areas/new/   sign-in  403      403      403      403      403      403      422
/collection/panel/2021-01/overview/areas/{area}/                    sign-in  403  403  403  403  403  403  422
/collection/panel/2021-01/overview/areas/{area}/close/              sign-in  403  403  403  403  403  403  overview
/collection/panel/2021-01/overview/areas/{area}/updates/new/        sign-in  403  403  403  403  403  403  422
/collection/panel/2021-01/overview/areas/{area}/updates/{noted}/    sign-in  403  403  403  403  403  403  422
/scorecards/panel/questions/                    sign-in  405      405      405      405      405      405      405
/scorecards/panel/questions/new/                sign-in  403      403      403      403      403      422      422
/scorecards/panel/questions/{asked}/            sign-in  403      403      403      403      403      403      403
/scorecards/panel/questions/{asked}/updates/{answered}/  sign-in  403  403  403  422  403  403  422
/setup/council/                                 sign-in  405      405      405      405      405      405      405
/setup/council/name/                            sign-in  403      403      403      403      403      403      422
/setup/council/logo/                            sign-in  403      403      403      403      403      403      422
/setup/council/colours/                         sign-in  403      403      403      403      403      403      council
/setup/council/words/                           sign-in  403      403      403      403      403      403      council
/setup/council/contact/                         sign-in  403      403      403      403      403      403      council
/setup/council/privacy/                         sign-in  403      403      403      403      403      403      council
/setup/council/statements/                      sign-in  403      403      403      403      403      403      council
/setup/council/beginning/                       sign-in  403      403      403      403      403      403      422
/setup/council/groups/                          sign-in  405      405      405      405      405      405      405
/setup/council/groups/new/                      sign-in  403      403      403      403      403      403      422
/setup/council/groups/{group}/                  sign-in  403      403      403      403      403      403      422
/setup/council/glossary/                        sign-in  405      405      405      405      405      405      405
/setup/council/glossary/new/                    sign-in  403      403      403      403      403      403      422
/setup/council/glossary/{entry}/                sign-in  403      403      403      403      403      403      422
/setup/council/logo/remove/                     sign-in  403      403      403      403      403      403      council
/setup/council/groups/{group}/delete/           sign-in  403      403      403      403      403      403      groups
/setup/council/groups/{group}/move/             sign-in  403      403      403      403      403      403      groups
/setup/council/glossary/{entry}/delete/         sign-in  403      403      403      403      403      403      glossary
/look/0b4a5a/x.css                              405      405      405      405      405      405      405      405
/look/logo/x.png                                405      405      405      405      405      405      405      405
"""

# What can be done to January and to the reporter's line, by how far January has come. sent_back: in review, and that
# line was sent back. Where the other reporter is not refused, their own return is saved, the line left alone, and what
# was typed for it given back (422): a redirect would say that all is saved, and lose it. Of a deed on one's own,
# whoever does it has written on the line's commentary; what is to be marked is done where four eyes are not asked for.
DEEDS = """
# deed           state       visitor   reporter  other     deputy    owner     other     panel     officer
#                                               reporter                      owner     member
read_report     not_open    sign-in   404       404       404       404       404       404       200
read_report     collecting  sign-in   404       404       404       404       404       404       200
read_report     in_review   sign-in   404       404       404       404       404       404       200
read_report     published   sign-in   200       200       200       200       200       200       200
start           sent_back   sign-in   return    work      return    asked     sign-off  home      collect
save_return     not_open    sign-in   403       403       403       403       403       403       return+
save_return     collecting  sign-in   return+   422       return+   403       403       403       return+
save_return     in_review   sign-in   403       403       403       403       403       403       return+
save_return     sent_back   sign-in   return+   403       return+   403       403       403       return+
save_return     published   sign-in   403       403       403       403       403       403       403
send_return     not_open    sign-in   403       403       403       403       403       403       checked+
send_return     collecting  sign-in   checked+  422       checked+  403       403       403       checked+
send_return     in_review   sign-in   403       403       403       403       403       403       checked+
send_return     sent_back   sign-in   checked+  403       checked+  403       403       403       checked+
send_return     published   sign-in   403       403       403       403       403       403       403
save_line       not_open    401       403       403       403       403       403       403       200+
save_line       collecting  401       200+      403       200+      403       403       403       200+
save_line       in_review   401       403       403       403       403       403       403       200+
save_line       sent_back   401       200+      403       200+      403       403       403       200+
save_line       published   401       403       403       403       403       403       403       403
preview_line    not_open    401       403       403       403       403       403       403       200
preview_line    collecting  401       200       403       200       403       403       403       200
preview_line    in_review   401       403       403       403       403       403       403       200
preview_line    sent_back   401       200       403       200       403       403       403       200
preview_line    published   401       403       403       403       403       403       403       403
sign_off        not_open    sign-in   403       403       403       sign-off+ 403       403       sign-off+
sign_off        collecting  sign-in   403       403       403       sign-off+ 403       403       sign-off+
sign_off        in_review   sign-in   403       403       403       sign-off+ 403       403       sign-off+
sign_off        sent_back   sign-in   403       403       403       sign-off  403       403       sign-off
sign_off        published   sign-in   403       403       403       403       403       403       403
sign_off_own    not_open    sign-in   403       403       403       sign-off  403       403       sign-off+
sign_off_own    collecting  sign-in   403       403       403       sign-off  403       403       sign-off+
sign_off_own    in_review   sign-in   403       403       403       sign-off  403       403       sign-off+
sign_off_own    published   sign-in   403       403       403       403       403       403       403
send_back_own   in_review   sign-in   403       403       403       sign-off+ 403       403       sign-off+
sign_off_marked in_review   sign-in   403       403       403       sign-off+ 403       403       sign-off+
send_back       not_open    sign-in   403       403       403       sign-off+ 403       403       sign-off+
send_back       collecting  sign-in   403       403       403       sign-off+ 403       403       sign-off+
send_back       in_review   sign-in   403       403       403       sign-off+ 403       403       sign-off+
send_back       sent_back   sign-in   403       403       403       sign-off  403       403       sign-off
send_back       published   sign-in   403       403       403       403       403       403       403
end_collection  not_open    sign-in   403       403       403       403       403       403       collect+
end_collection  collecting  sign-in   403       403       403       403       403       403       collect+
end_collection  in_review   sign-in   403       403       403       403       403       403       collect
end_collection  published   sign-in   403       403       403       403       403       403       collect
collect_again   not_open    sign-in   403       403       403       403       403       403       collect
collect_again   collecting  sign-in   403       403       403       403       403       403       collect
collect_again   in_review   sign-in   403       403       403       403       403       403       collect+
collect_again   published   sign-in   403       403       403       403       403       403       collect
publish         not_open    sign-in   403       403       403       403       403       403       collect
publish         collecting  sign-in   403       403       403       403       403       403       collect
publish         in_review   sign-in   403       403       403       403       403       403       january+
publish         published   sign-in   403       403       403       403       403       403       collect
revise          not_open    sign-in   403       403       403       403       403       403       collect
revise          collecting  sign-in   403       403       403       403       403       403       collect
revise          in_review   sign-in   403       403       403       403       403       403       collect
revise          published   sign-in   403       403       403       403       403       403       january+
open_next       collecting  sign-in   403       403       403       403       403       403       february+
hand_over       collecting  sign-in   403       403       403       403       403       403       collect+
remind          collecting  sign-in   403       403       403       403       403       403       collect
write_summary   collecting  sign-in   403       403       403       403       403       403       overview+
write_summary   in_review   sign-in   403       403       403       403       403       403       overview+
write_summary   published   sign-in   403       403       403       403       403       403       overview+
add_area        collecting  sign-in   403       403       403       403       403       403       overview+
edit_area       collecting  sign-in   403       403       403       403       403       403       overview+
edit_area       published   sign-in   403       403       403       403       403       403       overview+
close_area      collecting  sign-in   403       403       403       403       403       403       overview+
update_area     collecting  sign-in   403       403       403       403       403       403       overview+
edit_update     collecting  sign-in   403       403       403       403       403       403       overview+
raise           collecting  sign-in   403       403       403       403       403       new+      new+
raise           published   sign-in   403       403       403       403       403       new+      new+
assign          collecting  sign-in   403       403       403       403       403       403       asked+
answer          collecting  sign-in   403       403       403       asked+    403       403       asked+
answer          published   sign-in   403       403       403       asked+    403       403       asked+
update_answer   collecting  sign-in   403       403       403       asked+    403       403       asked+
put_right       collecting  sign-in   403       403       403       asked+    403       403       asked+
close_question  collecting  sign-in   403       403       403       403       403       403       asked+
arrange         collecting  sign-in   403       403       403       403       403       403       edit+
rename_board    collecting  sign-in   403       403       403       403       403       403       edit+
new_indicator   collecting  sign-in   403       403       403       403       403       403       edit+
new_scorecard   collecting  sign-in   403       403       403       403       403       403       board+
fill_year       collecting  sign-in   403       403       403       403       403       403       year+
copy_targets    collecting  sign-in   403       403       403       403       403       403       year+
end_indicator   collecting  sign-in   403       403       403       403       403       403       year+
add_people      collecting  sign-in   403       403       403       403       403       403       200+
invite_people   collecting  sign-in   403       403       403       403       403       403       200
save_person     collecting  sign-in   403       403       403       403       403       403       person+
give_role       collecting  sign-in   403       403       403       403       403       403       person
stand_in        collecting  sign-in   403       403       403       403       403       403       person+
leave           collecting  sign-in   403       403       403       403       403       403       people+
clear           collecting  sign-in   403       403       403       403       403       403       texts+
reword          collecting  sign-in   403       403       403       403       403       403       texts+
keep_withheld   collecting  sign-in   403       403       403       403       403       403       texts+
withhold        collecting  sign-in   403       403       403       403       403       403       withheld+
confirm         collecting  sign-in   403       403       403       403       403       403       withheld+
show_again      collecting  sign-in   403       403       403       403       403       403       withheld+
ask_erasure     collecting  sign-in   403       403       403       403       403       403       withheld+
erase           collecting  sign-in   403       403       403       403       403       403       withheld+
"""

# The admin lets nobody in but staff. {row} is a row of the model, {entry} one of its history. A line about one model
# counts before the line about all.
ADMIN = """
#                                       others     officer    officer posts nothing
/admin/                                 admin-in   200        200
/admin/login/                           sign-in-page  sign-in-page  sign-in-page
/admin/logout/                          admin      405        gone
/admin/password_change/                 own-page   own-page   own-page
/admin/password_change/done/            admin-in   200        405
/admin/autocomplete/                    admin-in   403        405
/admin/jsi18n/                          admin-in   200        405
/admin/r/1/1/                           admin-in   404        404
/admin/nothing/                         admin-in   404        404
/admin/indicators/                      admin-in   200        200
/admin/indicators/target/copy/          admin-in   200        200
/admin/indicators/comparator/open-data/ admin-in   200        200
/admin/indicators/user/{row}/password/  admin-in   200        person
{model}                                 admin-in   200        200
{model}add/                             admin-in   200        200
{model}{row}/                           admin-in   change     change
{model}{row}/change/                    admin-in   200        200
{model}{row}/delete/                    admin-in   200        200
{model}{row}/history/                   admin-in   200        200
{model}{row}/history/{entry}/           admin-in   200        403
{model}export/                          admin-in   200        200
{model}import/                          admin-in   200        200
{model}process_import/                  admin-in   import     import
/admin/indicators/user/{row}/delete/    admin-in   403        403
/admin/commentary/signoff/add/          admin-in   403        403
/admin/commentary/signoff/{row}/delete/ admin-in   403        403
/admin/commentary/signoff/{row}/change/ admin-in   200        403
/admin/scorecard/publictext/add/          admin-in   403        403
/admin/scorecard/publictext/{row}/delete/ admin-in   403        403
/admin/scorecard/publictext/{row}/change/ admin-in   200        403
/admin/scorecard/reminder/add/          admin-in   403        403
/admin/scorecard/reminder/{row}/delete/ admin-in   403        403
/admin/scorecard/reminder/{row}/change/ admin-in   200        403
/admin/scorecard/publication/add/       admin-in   403        403
/admin/scorecard/councildetails/add/    admin-in   403        403
/admin/scorecard/councildetails/{row}/delete/  admin-in   403        403
/admin/scorecard/publication/{row}/delete/  admin-in   403        403
/admin/scorecard/publication/{row}/change/  admin-in   200        403
/admin/commentary/warningreason/add/    admin-in   403        403
/admin/scorecard/edition/add/           admin-in   403        403
/admin/indicators/peerfigure/add/       admin-in   403        403
/admin/indicators/peerfigure/{row}/change/  admin-in   200        403
/admin/indicators/nationalcomparator/add/  admin-in   403        403
/admin/indicators/nationalcomparator/{row}/change/  admin-in   200        403
/admin/axes/accessattempt/              admin-in   200        200
/admin/axes/                            admin-in   200        200
/admin/axes/accessattempt/add/          admin-in   403        403
/admin/axes/accessattempt/{row}/change/ admin-in   200        403
/admin/axes/accessattempt/{row}/delete/ admin-in   200        200
/admin/axes/accessattempt/{row}/history/  admin-in   200        200
/admin/auth/group/                      admin-in   403        403
/admin/auth/group/add/                  admin-in   403        403
/admin/auth/group/{row}/change/         admin-in   403        403
/admin/auth/group/{row}/delete/         admin-in   403        403
/admin/auth/group/{row}/history/        admin-in   403        403
"""
