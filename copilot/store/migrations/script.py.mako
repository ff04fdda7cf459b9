"""${message}."""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """Bring the tables up."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """There is no way back: restore the copy that was made before."""
    raise NotImplementedError("migrations go forward only; restore the copy that was made before")
