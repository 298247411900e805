"""Property tests without a deadline: a busy machine is no bug."""

from hypothesis import settings

settings.register_profile("drupalsync", deadline=None)
settings.load_profile("drupalsync")
