"""Every address of the site."""

from allauth.account.views import ReauthenticateView
from allauth.mfa.base import views as mfa_views
from allauth.mfa.recovery_codes import views as code_views
from allauth.mfa.totp import views as totp_views
from allauth.mfa.webauthn import views as webauthn_views
from django.contrib import admin
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_required
from django.urls import include, path
from django.views.generic import RedirectView

from .accounts import confirming, sessions, single_sign_on
from .accounts import views as account_views
from .accounts.sign_in import SignInView, sign_in_link, with_passwords
from .views import (
    about,
    archive,
    arranging,
    collection,
    correcting,
    council,
    creating,
    focus,
    indicators,
    new_year,
    people,
    public_settings,
    publishing,
    reports,
    returns,
    security,
    sign_off,
    spreadsheet_steps,
    starting,
    templates,
    withholding,
)

AGAIN = {"title": "Show that it is still you"}
EDITION = "<slug:slug>/<str:month_text>/"

reporting = [
    path("", returns.my_return, name="return"),
    path("paste/", returns.paste, name="paste"),
    path("lines/<int:key>/", returns.line, name="line"),
    path("lines/<int:key>/history/", returns.line_history, name="line_history"),
]
indicator = [
    path("", indicators.indicator, name="indicator"),
    path("chart.json", indicators.ChartData.as_view(), name="indicator_chart"),
    path("figures.csv", indicators.figures, name="indicator_figures"),
]
collecting = [
    path("", collection.collection, name="collection"),
    path("move/<str:to>/", collection.move, name="move_edition"),
    path("publish/", publishing.publish, name="publish_edition"),
    path("revise/", publishing.revise, name="revise_edition"),
    path("correct/", correcting.correct, name="correct"),
    path("correct/<int:key>/", correcting.correct_one, name="correct_line"),
    path("public-texts/", publishing.public_texts, name="public_texts"),
    path("public/", reports.report, {"is_preview": True}, name="preview"),
    path("public/indicators/<int:key>/", indicators.indicator, {"is_preview": True}, name="preview_indicator"),
    path("public/indicators/<int:key>/chart.json", indicators.ChartData.as_view(), {"is_preview": True}),
    path("public/indicators/<int:key>/figures.csv", indicators.figures, {"is_preview": True}),
    path("relations/", publishing.decide_relation, name="decide_relation"),
    path("remind/", collection.remind_late, name="remind_late"),
    path("remind/<str:username>/", collection.remind_person, name="remind"),
    path("hand-over/<str:username>/", collection.hand_over_lines, name="hand_over"),
]
overview_of = [
    path("", focus.overview, name="overview"),
    path("areas/new/", focus.new_area, name="new_area"),
    path("areas/order/", focus.order_areas, name="order_areas"),
    path("areas/<int:key>/", focus.edit_area, name="edit_area"),
    path("areas/<int:key>/close/", focus.close, name="close_area"),
    path("areas/<int:key>/updates/new/", focus.new_update, name="new_update"),
    path("areas/<int:key>/updates/<int:update>/", focus.edit_update, name="edit_update"),
]
asking = [
    path("", focus.questions, name="questions"),
    path("new/", focus.new_question, name="new_question"),
    path("<int:key>/", focus.question, name="question"),
    path("<int:key>/updates/<int:update>/", focus.question_update, name="question_update"),
]

creating_from_spreadsheet = [
    path("scorecard/", creating.scorecard_details, name="spreadsheet_scorecard"),
    path("preview/", creating.preview, name="spreadsheet_preview"),
    path("create/", creating.create_scorecard, name="spreadsheet_create"),
    path("receipt/", creating.receipt, name="spreadsheet_receipt"),
    path("receipt.xlsx", creating.receipt_file, name="spreadsheet_receipt_file"),
    path("undo/", creating.undo_import, name="spreadsheet_undo"),
    path("first-month/", creating.first_month, name="spreadsheet_first_month"),
]
reading_spreadsheet = [
    path("", spreadsheet_steps.spreadsheet, name="spreadsheet"),
    *(
        path(f"{name}/", spreadsheet_steps.step, {"name": name}, name=f"spreadsheet_{name}")
        for name in spreadsheet_steps.STEPS
    ),
    path("audit.<str:file_format>", spreadsheet_steps.audit_file, name="spreadsheet_file"),
    path("discard/", spreadsheet_steps.discard, name="spreadsheet_discard"),
]

reading = [
    path("", reports.report, name="report"),
    path("report.<str:file_format>", reports.download, name="download"),
]
revised = [
    path("", reports.report, name="publication"),
    path("report.<str:file_format>", reports.download, name="publication_file"),
    path("take-back/", withholding.take_back, name="take_back"),
]

signing_in = [
    path("sign-in/", SignInView.as_view(), name="login"),
    # allauth leads to this name.
    path("sign-in/", SignInView.as_view(), name="account_login"),
    path("sign-in/organisation/", single_sign_on.begin, name="single_sign_on"),
    path("sign-in/organisation/return/", single_sign_on.come_back, name="single_sign_on_return"),
    path("sign-in/link/<str:link>/", sign_in_link, name="sign_in_link"),
    path(
        "sign-in/second-factor/",
        mfa_views.AuthenticateView.as_view(extra_context={"title": "Your second factor"}),
        name="mfa_authenticate",
    ),
    path("sign-out/", auth_views.LogoutView.as_view(), name="logout"),
    path("signed-out/", account_views.signed_out, name="signed_out"),
    path("password-reset/", with_passwords(account_views.PasswordResetView.as_view()), name="password_reset"),
    path(
        "password-reset/sent/",
        with_passwords(auth_views.PasswordResetDoneView.as_view(title="Check your e-mail")),
        name="password_reset_done",
    ),
    path(
        "password-reset/done/",
        with_passwords(auth_views.PasswordResetCompleteView.as_view(title="Your new password is set")),
        name="password_reset_complete",
    ),
    path(
        "password-reset/<uidb64>/<token>/",
        account_views.PasswordResetConfirmView.as_view(),
        name="password_reset_confirm",
    ),
    path("invitation/<uidb64>/<token>/", account_views.InvitationView.as_view(), name="invitation"),
    path(
        "password-change/",
        account_views.PasswordChangeView.as_view(),
        name="password_change",
    ),
    path(
        "password-change/done/",
        with_passwords(auth_views.PasswordChangeDoneView.as_view(title="Your password is changed")),
        name="password_change_done",
    ),
    # There is one page for each, also for those who come from the administration.
    path("admin/login/", RedirectView.as_view(pattern_name="login", query_string=True)),
    path("admin/password_change/", RedirectView.as_view(pattern_name="password_change")),
]

# The names are those that allauth leads to.
your_sign_in = [
    path("", account_views.YourSignInView.as_view(), name="mfa_index"),
    path("", account_views.YourSignInView.as_view(), name="mfa_list_webauthn"),
    path("sessions/end/", sessions.end, name="end_session"),
    path("again/", ReauthenticateView.as_view(extra_context=AGAIN), name="account_reauthenticate"),
    path("again/code/", mfa_views.ReauthenticateView.as_view(extra_context=AGAIN), name="mfa_reauthenticate"),
    path(
        "again/passkey/",
        webauthn_views.ReauthenticateWebAuthnView.as_view(extra_context=AGAIN),
        name="mfa_reauthenticate_webauthn",
    ),
    path("again/elsewhere/", confirming.confirm_elsewhere, name="confirm_elsewhere"),
    path(
        "app/add/",
        login_required(totp_views.ActivateTOTPView.as_view(extra_context={"title": "Set up an app"})),
        name="mfa_activate_totp",
    ),
    path(
        "app/remove/",
        totp_views.DeactivateTOTPView.as_view(extra_context={"title": "Remove the app"}),
        name="mfa_deactivate_totp",
    ),
    path(
        "passkeys/add/",
        login_required(webauthn_views.AddWebAuthnView.as_view(extra_context={"title": "Add a passkey"})),
        name="mfa_add_webauthn",
    ),
    path(
        "passkeys/<int:pk>/remove/",
        login_required(webauthn_views.RemoveWebAuthnView.as_view(extra_context={"title": "Remove this passkey"})),
        name="mfa_remove_webauthn",
    ),
    path(
        "recovery-codes/",
        code_views.ViewRecoveryCodesView.as_view(extra_context={"title": "Your recovery codes"}),
        name="mfa_view_recovery_codes",
    ),
    path(
        "recovery-codes/new/",
        login_required(code_views.GenerateRecoveryCodesView.as_view(extra_context={"title": "New recovery codes"})),
        name="mfa_generate_recovery_codes",
    ),
]

about_the_site = [
    path("accessibility/", about.accessibility, name="accessibility"),
    path("accessibility/criteria/", about.document, name="accessibility_criteria"),
    path("privacy/", about.privacy, name="privacy"),
    path("cookies/", about.cookies, name="cookies"),
    path("contact/", about.contact, name="contact"),
    path("revisions-policy/", about.revisions_policy, name="revisions_policy"),
    path("release-practice/", about.release_practice, name="release_practice"),
    path("confidentiality/", about.document, name="confidentiality"),
    path("robots.txt", about.robots, name="robots"),
    path("favicon.ico", about.favicon, name="favicon"),
]

setting_up_council = [
    path("", council.council, name="council"),
    path("logo/remove/", council.remove_logo, name="remove_logo"),
    *(
        one
        for kind in council.KINDS
        for one in (
            path(f"{kind}/", council.listed, {"kind": kind}, name=f"council_{kind}"),
            path(f"{kind}/new/", council.new_listed, {"kind": kind}, name=f"new_{kind}"),
            path(f"{kind}/<int:key>/", council.edit_listed, {"kind": kind}, name=f"edit_{kind}"),
            path(f"{kind}/<int:key>/delete/", council.delete, {"kind": kind}, name=f"delete_{kind}"),
        )
    ),
    path("groups/<int:key>/move/", council.move, name="move_groups"),
    path("<slug:name>/", council.part, name="council_part"),
]

urlpatterns = [
    path("", reports.home, name="home"),
    path("start/", returns.start, name="start"),
    path("your-work/", returns.work, name="work"),
    path("", include(signing_in)),
    path("your-sign-in/", include(your_sign_in)),
    path("people/", people.people, name="people"),
    path("people/add/", people.add, name="people_add"),
    path("people/invite/", people.invite, name="people_invite"),
    path("people/<int:key>/", people.person, name="person"),
    path("people/<int:key>/leave/", people.leaves, name="person_leaves"),
    path("look/<slug:colours>/<slug:mark>.css", council.look_styles, name="look_styles"),
    path("look/logo/<slug:checksum>.png", council.logo, name="logo"),
    path("setup/council/", include(setting_up_council)),
    path("people/<int:key>/second-factors/", account_views.take_off_factors, name="take_off_factors"),
    path("", include(about_the_site)),
    path("scorecards/<slug:slug>/", reports.latest_report, name="latest_report"),
    path("scorecards/<slug:slug>/archive/", archive.archive, name="archive"),
    path("scorecards/<slug:slug>/withheld/", withholding.withheld, name="withheld"),
    path("scorecards/<slug:slug>/withheld/<int:key>/", withholding.withholding, name="withholding"),
    path("scorecards/<slug:slug>/questions/", include(asking)),
    path("scorecards/<slug:slug>/compare/", archive.compare, name="compare"),
    path("scorecards/<slug:slug>/public/", public_settings.public_settings, name="public_settings"),
    path("scorecards/<slug:slug>/public/revisions/", public_settings.revise_all_waiting, name="revise_waiting"),
    path("scorecards/<slug:slug>/edit/", arranging.arrange_scorecard, name="arrange_scorecard"),
    path("scorecards/<slug:slug>/edit/details/", arranging.edit_details, name="scorecard_details"),
    path("scorecards/<slug:slug>/edit/new-indicator/", arranging.new_indicator, name="new_indicator"),
    path("scorecards/<slug:slug>/new-year/", new_year.new_year, name="new_year"),
    path("setup/scorecards/new/", arranging.new_scorecard, name="new_scorecard"),
    path(f"scorecards/{EDITION}", include(reading)),
    path(f"scorecards/{EDITION}publications/<int:number>/", include(revised)),
    path(f"scorecards/{EDITION}indicators/<int:key>/", include(indicator)),
    path(f"returns/{EDITION}", include(reporting)),
    path(f"sign-off/{EDITION}", sign_off.sign_off, name="sign_off"),
    path("editions/", collection.editions, name="editions"),
    path("editions/<slug:slug>/open/", collection.open_next, name="open_next"),
    path(f"collection/{EDITION}overview/", include(overview_of)),
    path(f"collection/{EDITION}", include(collecting)),
    path("setup/spreadsheets/", spreadsheet_steps.spreadsheets, name="spreadsheets"),
    path("setup/spreadsheets/<int:key>/", include(reading_spreadsheet)),
    path("setup/spreadsheets/<int:key>/", include(creating_from_spreadsheet)),
    path("setup/templates/", templates.templates, name="templates"),
    path("setup/templates/<str:name>/", templates.template, name="template"),
    path("setup/", starting.setup, name="setup"),
    path("setup/move/", starting.move, name="moving"),
    path("setup/move/preview/", starting.move_preview, name="moving_preview"),
    path("setup/move/export/", starting.move_out, name="moving_out"),
    path("security-log/", security.security_log, name="security_log"),
    path("security-log/events.csv", security.security_log_file, name="security_log_file"),
    path("admin/", admin.site.urls),
]
