"""What the plain evaluation takes: everything ever said of a member, and the thresholds of a policy."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal


@dataclass
class Facts:
    """Everything ever said of one member, in any order."""

    known_at: datetime
    registered_at: datetime | None = None
    transactions: list[tuple[datetime, str, Decimal]] = field(default_factory=list)
    valuations: dict[date, Decimal] = field(default_factory=dict)
    logins: list[datetime] = field(default_factory=list)
    signals: list[tuple[datetime, str]] = field(default_factory=list)
    complaints: list[tuple[datetime, datetime | None]] = field(default_factory=list)  # received, closed
    normals: list[datetime] = field(default_factory=list)
    terms: list[tuple[datetime, date, int | None]] = field(
        default_factory=list
    )  # bought at, matures on, product
    moves: list[tuple[datetime, int, Decimal]] = field(default_factory=list)  # into (or out of) which product

    @property
    def terms_held(self) -> list[date]:
        """When what was bought matures, of the products of which anything is left."""
        left = {product: Decimal(0) for _, product, _ in self.moves}
        for _, product, amount in self.moves:
            left[product] += amount
        return [matures for _, matures, product in self.terms if product is None or left[product] > 0]


@dataclass(frozen=True)
class Policy:
    """The thresholds of one version; the names are those of the model."""

    version: int
    effective_from: datetime
    stalled_days: int = 30
    warn_idle_days: int = 30
    warn_term_days: int = 180
    warn_floor: Decimal = Decimal(10000)
    idle_days: int = 60
    dormant_days: int = 120
    churned_days: int = 0
    fall_window_days: int = 90
    warn_fall_share: Decimal = Decimal("0.2")
    fall_share: Decimal = Decimal("0.4")
    fall_floor: Decimal = Decimal(1000)
    fall_recovery_share: Decimal = Decimal("0.5")
    fall_memory_days: int = 365
    payout_grace_days: int = 14
    signal_days: int = 90
    mature_aum: Decimal = Decimal(200000)
    mature_days: int = 90
    mature_tenure_days: int = 365
    empty_aum: Decimal = Decimal(1)

    @property
    def longest(self) -> int:
        """The largest number of days named."""
        return max(self.window, *(value for name, value in vars(self).items() if name.endswith("_days")))

    @property
    def window(self) -> int:
        """How many days of assets the rules look at."""
        return max(self.fall_memory_days + self.fall_window_days, self.mature_days) + self.payout_grace_days
