"""Who the member is: public names of the app's nouns, one file a subject."""

from members.profiles.models.activity import LOGIN, Event, RiskAssessment, Signal, Touch
from members.profiles.models.channel import Channel, ChannelSpend
from members.profiles.models.complaint import Complaint
from members.profiles.models.consent import (
    CONSENT_PURPOSES,
    NAMED_RECIPIENT,
    Consent,
    ConsentSource,
    ConsentText,
    ContactChannel,
    Purpose,
)
from members.profiles.models.contact import Contact, ContactPolicy, ContactPreference, Direction
from members.profiles.models.member import (
    Book,
    Household,
    Identity,
    InvestorType,
    Member,
    Preference,
    RiskClass,
    SearchTerm,
    Sex,
)
from members.profiles.models.questionnaire import (
    LONGEST_VALIDITY,
    RISK,
    AssessmentNotice,
    AssessmentWithdrawal,
    Attempt,
    AttemptChannel,
    Questionnaire,
    QuestionnaireLink,
    WithdrawalReason,
)
from members.profiles.models.rights import Erasure, RightsKind, RightsRequest, RightsState
from members.profiles.models.suppression import Suppression, SuppressionReason, SuppressionScope

__all__ = [
    "CONSENT_PURPOSES",
    "LOGIN",
    "NAMED_RECIPIENT",
    "LONGEST_VALIDITY",
    "RISK",
    "AssessmentNotice",
    "AssessmentWithdrawal",
    "Attempt",
    "AttemptChannel",
    "Book",
    "Channel",
    "ChannelSpend",
    "Complaint",
    "Consent",
    "ConsentSource",
    "ConsentText",
    "Contact",
    "ContactChannel",
    "ContactPolicy",
    "ContactPreference",
    "Direction",
    "Erasure",
    "Event",
    "Household",
    "Identity",
    "InvestorType",
    "Member",
    "Preference",
    "Purpose",
    "RightsKind",
    "RightsRequest",
    "RightsState",
    "Questionnaire",
    "QuestionnaireLink",
    "RiskAssessment",
    "RiskClass",
    "SearchTerm",
    "Sex",
    "Signal",
    "Suppression",
    "SuppressionReason",
    "SuppressionScope",
    "Touch",
    "WithdrawalReason",
]
