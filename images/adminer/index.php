<?php
// Adminer for the platform's own Postgres: whatever server a request names, the connection goes to this one.
// The overriding functions take untyped arguments, as the packed adminer.php does.

function adminer_object(): Adminer\Adminer
{
    return new class extends Adminer\Adminer {
        public function credentials(): array
        {
            return [getenv("ADMINER_DEFAULT_SERVER"), $_GET["username"], Adminer\get_password()];
        }

        public function loginFormField($name, $heading, $value): string
        {
            return match ($name) {
                "driver" => $this->hidden("driver", "pgsql"),
                "server" => $this->hidden("server", getenv("ADMINER_DEFAULT_SERVER")),
                "db" => parent::loginFormField(
                    $name,
                    $heading,
                    str_replace('value=""', 'value="' . Adminer\h(getenv("ADMINER_DEFAULT_DATABASE")) . '"', $value),
                ),
                default => parent::loginFormField($name, $heading, $value),
            };
        }

        /** The browser is not sent to adminer.org to ask for a newer version. */
        public function head($dark = null): bool
        {
            echo Adminer\script("verifyVersion = () => {};");
            return parent::head($dark);
        }

        private function hidden(string $name, string $value): string
        {
            return "<input type='hidden' name='auth[$name]' value='" . Adminer\h($value) . "'>\n";
        }
    };
}

require "/usr/share/adminer/adminer.php";
