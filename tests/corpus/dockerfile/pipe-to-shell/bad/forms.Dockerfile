FROM debian:13
RUN true && \
    # a comment inside

# expect
    curl -fsSL https://get.example.org/i.sh | sudo -E bash -
# expect
RUN	["/bin/bash", "-o", "pipefail", "-c", "curl https://get.example.org/i.sh | bash"]
RUN <<EOT
set -e
# expect
wget -qO- https://get.example.org/i.sh | tee /tmp/i.sh | sh -s -- --yes
EOT
RUN bash <<-"EOT"
	set -e
# expect
	source <(curl -s https://get.example.org/i.sh)
	EOT
# expect
ONBUILD RUN eval "$(curl -fsSL https://get.example.org/i.sh)"
# expect
RUN curl -fsSLo /tmp/i.sh https://get.example.org/i.sh && chmod +x /tmp/i.sh && /tmp/i.sh
# expect
RUN python3 -c "import urllib.request as u; exec(u.urlopen('https://get.example.org/i.py').read())"
# expect
RUN iex ((New-Object System.Net.WebClient).DownloadString('https://get.example.org/i.ps1'))
# expect
RUN { curl -s https://get.example.org/i.sh; } | env A=b timeout 60 sh
# expect
RUN I=$(curl -s https://get.example.org/i.sh) && sh -c "$I"
