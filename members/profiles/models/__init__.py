"""Who the member is: public names of the app's nouns, one file a subject."""

from members.profiles.models.activity import LOGIN, Event, RiskAssessment, Signal, Touch
from members.profiles.models.channel import Channel, ChannelSpend
from members.profiles.models.complaint import Complaint
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

__all__ = [
    "LOGIN",
    "Book",
    "Channel",
    "ChannelSpend",
    "Complaint",
    "Event",
    "Household",
    "Identity",
    "InvestorType",
    "Member",
    "Preference",
    "RiskAssessment",
    "RiskClass",
    "SearchTerm",
    "Sex",
    "Signal",
    "Touch",
]
