"""What we say no with."""


class Refusal(Exception):
    """A wish we cannot grant: one clear sentence, and the way out. Pages show it; the API answers 409 with it."""

    def __init__(self, sentence: str, *, code: str = "refused", links: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(sentence)
        self.sentence, self.code, self.links = sentence, code, links
